/** A canvas as large as its box, in device pixels. */
export class Surface {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #width = 0;
  #height = 0;

  /** `resized` is called whenever the box has another size. */
  constructor(canvas: HTMLCanvasElement, resized: () => void) {
    this.canvas = canvas;
    this.#context = canvas.getContext("2d") as CanvasRenderingContext2D;
    new ResizeObserver(() => {
      this.#fit();
      resized();
    }).observe(canvas);
  }

  /** CSS pixels. */
  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  /** An empty surface to draw on, in CSS pixels. */
  clear(): CanvasRenderingContext2D {
    this.#context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    this.#context.clearRect(0, 0, this.#width, this.#height);
    return this.#context;
  }

  #fit(): void {
    this.#width = this.canvas.clientWidth;
    this.#height = this.canvas.clientHeight;
    this.canvas.width = Math.round(this.#width * devicePixelRatio);
    this.canvas.height = Math.round(this.#height * devicePixelRatio);
  }
}

const resolved = new Map<string, string>();

/**
 * A colour of the style sheet for canvases, by the name of its property: as `light-dark()` has it in the present theme.
 * Asked of the browser once for each theme, since it may lay out the page to answer.
 */
export function styleColor(name: string): string {
  const key = `${document.documentElement.style.colorScheme} ${name}`;
  const known = resolved.get(key);
  if (known !== undefined) return known;
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  resolved.set(key, color);
  return color;
}

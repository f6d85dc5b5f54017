/** What gestures on the distance plots do. Places are pixels from the left. */
export interface DistanceActions {
  zoom(factor: number, aroundPx: number): void;
  pan(byPx: number): void;
  point(atPx: number | null): void;
  /** `isSecond`: with Shift. */
  click(atPx: number, isSecond: boolean): void;
  reset(): void;
}

const WHEEL_ZOOM = 1.0015;
/** Pixels that a pointer may move and still click. */
const CLICK_PX = 4;

/** Wheel, drag, pinch and click on a canvas. */
export function bindGestures(canvas: HTMLCanvasElement, actions: DistanceActions): void {
  /** Where each finger, or the pressed mouse, is. */
  const touches = new Map<number, number>();
  let movedPx = 0;
  canvas.addEventListener("pointerdown", ({ pointerId, offsetX, button }) => {
    if (button !== 0) return;
    canvas.setPointerCapture(pointerId);
    touches.set(pointerId, offsetX);
    movedPx = touches.size > 1 ? Number.POSITIVE_INFINITY : 0;
  });
  canvas.addEventListener("pointermove", ({ pointerId, offsetX }) => {
    actions.point(offsetX);
    const before = touches.get(pointerId);
    if (before === undefined) return;
    const other = [...touches].find(([id]) => id !== pointerId)?.[1];
    touches.set(pointerId, offsetX);
    movedPx += Math.abs(offsetX - before);
    if (other !== undefined) {
      const [was, is] = [Math.abs(before - other), Math.abs(offsetX - other)];
      if (is > 0 && was > 0) actions.zoom(was / is, (offsetX + other) / 2);
    } else if (movedPx > CLICK_PX) {
      actions.pan(before - offsetX);
    }
  });
  canvas.addEventListener("pointerup", ({ pointerId, offsetX, shiftKey }) => {
    if (touches.delete(pointerId) && movedPx <= CLICK_PX) actions.click(offsetX, shiftKey);
  });
  canvas.addEventListener("pointercancel", ({ pointerId }) => touches.delete(pointerId));
  canvas.addEventListener("pointerleave", () => actions.point(null));
  canvas.addEventListener("dblclick", () => actions.reset());
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      actions.zoom(WHEEL_ZOOM ** event.deltaY, event.offsetX);
    },
    { passive: false },
  );
}

/** Height of a row in lists; fingers need more than a pointer does. */
export const ROW_PX = matchMedia("(pointer: coarse)").matches ? 40 : 26;

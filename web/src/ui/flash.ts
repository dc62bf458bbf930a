import { useEffect, useRef, type RefObject } from 'react';
import { isTicking } from '../lib/live.ts';

const FLASH_MS = 1_400;

/** Lets what changed because a price did glow for a moment; not for people who asked for less motion. */
export const useFlash = <T extends HTMLElement>(text: string | null): RefObject<T | null> => {
  const element = useRef<T>(null);
  const before = useRef(text);
  useEffect(() => {
    const changed = before.current !== null && text !== null && before.current !== text;
    before.current = text;
    if (!changed || !isTicking()) return;
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const glow = getComputedStyle(document.documentElement).getPropertyValue('--flash').trim();
    element.current?.animate([{ backgroundColor: glow }, { backgroundColor: 'transparent' }], {
      duration: FLASH_MS,
      easing: 'ease-out',
    });
  }, [text]);
  return element;
};

const msPerHour = 3_600_000;

/** The local days of a window as runs of its hours; `to` is exclusive. */
export function localDays(
  start: number,
  hours: number,
  timezone: string,
): { day: string; from: number; to: number }[] {
  // The Swedish locale writes dates as 2026-11-01.
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const days: { day: string; from: number; to: number }[] = [];
  for (let hour = 0; hour < hours; hour++) {
    const day = format.format(start + hour * msPerHour);
    const last = days.at(-1);
    if (last?.day === day) last.to = hour + 1;
    else days.push({ day, from: hour, to: hour + 1 });
  }
  return days;
}

export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('sv-SE', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

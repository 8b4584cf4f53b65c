using NodaTime;

namespace FollowUp.Domain.Scheduling;

/// <summary>
/// A schedule applied to one recipient, with the function from a requested time to (due time, reasons) that the worker and the preview
/// share. Pure and identical on every machine, because the time zones come from NodaTime's package and not from the operating system.
/// </summary>
public sealed class SendingPlan
{
    /// <summary>How many days ahead an opening is searched.</summary>
    public const int HorizonDays = 2 * 366;

    /// <summary>An upper bound for a zone's offset from UTC.</summary>
    private static readonly Duration FurthestOffset = Duration.FromHours(24);

    private readonly Schedule _schedule;
    private readonly Holidays _holidays;
    private readonly LocalTime _from;

    internal SendingPlan(Schedule schedule, DateTimeZone zone, Holidays holidays)
    {
        (_schedule, Zone, _holidays) = (schedule, zone, holidays);
        _from = schedule.From ?? LocalTime.Midnight;
    }

    /// <summary>The time zone of the local times.</summary>
    public DateTimeZone Zone { get; }

    /// <summary>
    /// The first instant, not before the requested one, at which the schedule allows sending; with a local time, the first at which the
    /// clock shows it. A skipped local time means the first instant after the gap, an ambiguous one its first occurrence, and one outside
    /// the window the window's opening.
    /// </summary>
    /// <param name="instant">The requested instant.</param>
    /// <param name="at">The step's local time; null means any.</param>
    /// <returns>The instant, and why it differs from the requested one.</returns>
    public Placement Place(DateTimeOffset instant, LocalTime? at = null)
    {
        var asked = Instant.FromDateTimeOffset(instant);
        var (moves, closed) = (new List<Move>(), new List<Closure>());
        // A window that spans midnight may still be open from the day before.
        var first = asked.InZone(Zone).Date.PlusDays(-1);
        for (var i = 0; i <= HorizonDays; i++)
        {
            var day = first.PlusDays(i);
            var slot = at is { } time ? SlotAt(day, asked, time) : SlotIn(day, asked);
            if (slot.Kind == SlotKind.Over)
            {
                continue;
            }

            if (slot.Kind == SlotKind.Skipped)
            {
                if (slot.At >= asked)
                {
                    Close(closed, new(MoveReason.Dst));
                }

                continue;
            }

            if (moves.Count == 0 && closed.Count == 0 && slot.At != asked)
            {
                moves.Add(new(at is null ? MoveReason.Window : MoveReason.At, slot.At.ToDateTimeOffset()));
            }

            var refused = Refusal(day);
            if (closed.Count > 0 && closed[^1].Reason != refused?.Reason)
            {
                moves.AddRange(closed.Select(closure => closure.EndsAt(slot.At.ToDateTimeOffset())));
                closed.Clear();
            }

            if (refused is not { } why)
            {
                if (slot.Kind == SlotKind.Shifted && slot.At != asked)
                {
                    moves.Add(new(MoveReason.Dst, slot.At.ToDateTimeOffset()));
                }

                return new(slot.At == asked ? instant.ToUniversalTime() : slot.At.ToDateTimeOffset(), moves);
            }

            Close(closed, why);
        }

        var end = instant.ToUniversalTime().AddDays(HorizonDays);
        return new(end, [.. moves, .. closed.Select(closure => closure.EndsAt(end))], Opens: false);
    }

    /// <summary>Whether the schedule allows sending at an instant.</summary>
    public bool IsOpen(DateTimeOffset instant)
    {
        var asked = Instant.FromDateTimeOffset(instant);
        var today = asked.InZone(Zone).Date;
        return Covers(today) || Covers(today.PlusDays(-1));

        bool Covers(LocalDate day) => Refusal(day) is null && SlotIn(day, asked) is { Kind: SlotKind.Open } slot && slot.At == asked;
    }

    /// <summary>
    /// Adds business days and keeps the local time. Business days are the schedule's days (Monday to Friday when it has none) except
    /// holidays.
    /// </summary>
    /// <param name="instant">The instant to count from.</param>
    /// <param name="days">0 or more; 0 returns the instant itself.</param>
    /// <returns>The instant in UTC. When the calendar leaves too few business days, the instant <see cref="HorizonDays"/> ahead.</returns>
    public DateTimeOffset AddBusinessDays(DateTimeOffset instant, int days) =>
        AddBusinessDays(instant, days, Zone, _schedule.Days ?? Weekdays.MondayToFriday, _holidays);

    /// <summary>Adds business days without a schedule: Monday to Friday, in UTC.</summary>
    /// <param name="days">0 or more; 0 returns the instant itself.</param>
    /// <returns>The instant in UTC.</returns>
    public static DateTimeOffset AddWeekdays(DateTimeOffset instant, int days) =>
        AddBusinessDays(instant, days, DateTimeZone.Utc, Weekdays.MondayToFriday, Holidays.None);

    private static DateTimeOffset AddBusinessDays(DateTimeOffset instant, int days, DateTimeZone zone, Weekdays business, Holidays holidays)
    {
        if (days == 0)
        {
            return instant.ToUniversalTime();
        }

        var local = Instant.FromDateTimeOffset(instant).InZone(zone).LocalDateTime;
        var (date, left) = (local.Date, days);
        for (var i = 0; i < HorizonDays && left > 0; i++)
        {
            date = date.PlusDays(1);
            if (business.HasFlag(DayOf(date)) && !holidays.Contains(date.ToDateOnly()))
            {
                left--;
            }
        }

        return First(zone.MapLocal(date + local.TimeOfDay)).ToDateTimeOffset();
    }

    /// <summary>The first instant of a day's window that is not before the requested one: where the local clock shows a time within it.</summary>
    private Slot SlotIn(LocalDate day, Instant asked)
    {
        var (opens, closes) = Window(day);
        var zoneOfDay = new Interval(opens.InUtc().ToInstant() - FurthestOffset, closes.InUtc().ToInstant() + FurthestOffset);
        var any = false;
        foreach (var part in Zone.GetZoneIntervals(zoneOfDay))
        {
            // Between two offset changes the clock runs evenly, so the window's share of the part is contiguous.
            var start = part.HasStart && part.IsoLocalStart > opens ? part.IsoLocalStart : opens;
            var end = part.HasEnd && part.IsoLocalEnd < closes ? part.IsoLocalEnd : closes;
            if (start >= end)
            {
                continue;
            }

            any = true;
            if (end.WithOffset(part.WallOffset).ToInstant() <= asked)
            {
                continue;
            }

            var from = start.WithOffset(part.WallOffset).ToInstant();
            return from <= asked ? new(SlotKind.Open, asked)
                : start == opens ? new(SlotKind.Open, from)
                : new(SlotKind.Shifted, from);
        }

        return any ? new(SlotKind.Over, default) : new(SlotKind.Skipped, First(Zone.MapLocal(opens)));
    }

    /// <summary>The instant of a day at which the clock shows a time, if it is not before the requested one.</summary>
    private Slot SlotAt(LocalDate day, Instant asked, LocalTime at)
    {
        var (opens, closes) = Window(day);
        var wanted = day + at;
        if (wanted < opens)
        {
            wanted = wanted.PlusDays(1);
        }

        if (wanted >= closes)
        {
            wanted = opens;
        }

        var mapped = Zone.MapLocal(wanted);
        var slot = First(mapped);
        // A window that lies entirely within a gap is not open on that day.
        return slot < asked ? new(SlotKind.Over, default)
            : mapped.Count > 0 ? new(SlotKind.Open, slot)
            : slot.InZone(Zone).LocalDateTime < closes ? new(SlotKind.Shifted, slot)
            : new(SlotKind.Skipped, slot);
    }

    private (LocalDateTime Opens, LocalDateTime Closes) Window(LocalDate day) =>
        _schedule.To is { } to ? (day + _from, (to > _from ? day : day.PlusDays(1)) + to) : (day + _from, day.PlusDays(1).AtMidnight());

    private Closure? Refusal(LocalDate day) =>
        _schedule.Days is { } days && !days.HasFlag(DayOf(day))
            ? new(day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday ? MoveReason.Weekend : MoveReason.Day)
        : _holidays.Contains(day.ToDateOnly()) ? new(MoveReason.Holiday, _holidays.NameOf(day.ToDateOnly()))
        : null;

    private static Weekdays DayOf(LocalDate date) => (Weekdays)(1 << ((int)date.DayOfWeek - 1));

    private static void Close(List<Closure> closed, Closure closure)
    {
        if (closed.Count == 0 || closed[^1].Reason != closure.Reason)
        {
            closed.Add(closure);
        }
        else
        {
            closed[^1] = closed[^1].And(closure.Name);
        }
    }

    /// <summary>A skipped local time means the first instant after the gap, an ambiguous one its first occurrence.</summary>
    private static Instant First(NodaTime.TimeZones.ZoneLocalMapping mapped) =>
        mapped.Count == 0 ? mapped.EarlyInterval.End : mapped.First().ToInstant();

    private enum SlotKind
    {
        /// <summary>The day's window had closed, or the day's local time had passed.</summary>
        Over,

        /// <summary>The instant exists.</summary>
        Open,

        /// <summary>The instant exists but is shifted by a clock change.</summary>
        Shifted,

        /// <summary>A clock change at this instant skips the day's window.</summary>
        Skipped,
    }

    private readonly record struct Slot(SlotKind Kind, Instant At);

    /// <summary>Consecutive days that are closed for one reason, with the names of the holidays among them.</summary>
    private readonly record struct Closure(MoveReason Reason, string? Name = null)
    {
        public Closure And(string? name) =>
            name is null ? this
            : Name is null ? this with { Name = name }
            : Name.Split(", ") is { Length: < CalendarDay.MaxNames } names && !names.Contains(name) ? this with { Name = $"{Name}, {name}" }
            : this;

        public Move EndsAt(DateTimeOffset instant) => new(Reason, instant, Name);
    }
}

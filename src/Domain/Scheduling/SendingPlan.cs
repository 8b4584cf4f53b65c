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

    /// <summary>
    /// How many reasons a placement lists, clock changes aside. A calendar may close hundreds of separate runs of days, and each reason takes
    /// a conversion of local times and a place in the job's row.
    /// </summary>
    public const int MostReasons = 20;

    /// <summary>An upper bound for a zone's offset from UTC.</summary>
    private static readonly Duration FurthestOffset = Duration.FromHours(24);

    private static readonly OpenDays UtcWeekdays = new(Weekdays.MondayToFriday, Holidays.None);

    private readonly Schedule _schedule;
    private readonly LocalTime _from;
    private readonly OpenDays _days;
    private readonly OpenDays _businessDays;

    /// <summary>Applies a schedule in a time zone. <see cref="Schedule.For"/> decides which zone that is.</summary>
    /// <param name="holidays">The days of the calendar referenced by <see cref="Schedule.Holidays"/>.</param>
    public SendingPlan(Schedule schedule, DateTimeZone zone, Holidays holidays)
    {
        (_schedule, Zone) = (schedule, zone);
        _from = schedule.From ?? LocalTime.Midnight;
        _days = new(schedule.Days ?? OpenDays.AnyWeekday, holidays);
        _businessDays = new(schedule.Days ?? Weekdays.MondayToFriday, holidays);
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
    /// <returns>
    /// The instant, and why it differs from the requested one: the first reasons in order and the last one, <see cref="MostReasons"/> at most.
    /// </returns>
    public Placement Place(DateTimeOffset instant, LocalTime? at = null)
    {
        var asked = Instant.FromDateTimeOffset(instant);
        var (moves, closed) = (new List<Move>(), new List<Closure>());
        // A window that spans midnight may still be open from the day before.
        var day = OpenDays.NumberOf(asked.InZone(Zone).Date) - 1;
        var last = day + HorizonDays;
        while (day <= last)
        {
            var date = OpenDays.DateOf(day);
            var slot = at is { } time ? SlotAt(date, asked, time) : SlotIn(date, asked);
            if (slot.Kind == SlotKind.Over || (slot.Kind == SlotKind.Skipped && slot.At < asked))
            {
                day++;
                continue;
            }

            var reason = _days.Closed(day);
            if (slot.Kind == SlotKind.Skipped && reason is null)
            {
                if (closed is not [.., { Reason: MoveReason.Dst }])
                {
                    closed.Add(new(MoveReason.Dst));
                }

                day++;
                continue;
            }

            if (moves.Count == 0 && closed.Count == 0 && slot.At != asked)
            {
                moves.Add(new(at is null ? MoveReason.Window : MoveReason.At, slot.At.ToDateTimeOffset()));
            }

            // The reasons up to this day end when it opens or would open.
            foreach (var closure in closed)
            {
                moves.Add(closure.EndsAt(slot.At.ToDateTimeOffset()));
            }

            closed.Clear();
            if (reason is not { } why)
            {
                if (slot.Kind == SlotKind.Shifted && slot.At != asked)
                {
                    moves.Add(new(MoveReason.Dst, slot.At.ToDateTimeOffset()));
                }

                return new(slot.At == asked ? instant.ToUniversalTime() : slot.At.ToDateTimeOffset(), moves);
            }

            // The days of a run are skipped at once: only its first day and the day after it have an instant that matters.
            var end = _days.EndOfRun(day, last);
            closed.Add(new(why, why == MoveReason.Holiday ? _days.Names(day, end) : null));
            day = moves.Count + closed.Count < MostReasons - 1 ? end : _days.LastRun(end, last);
        }

        var horizon = instant.ToUniversalTime().AddDays(HorizonDays);
        return new(horizon, [.. moves, .. closed.Select(closure => closure.EndsAt(horizon))], Opens: false);
    }

    /// <summary>Whether the schedule allows sending at an instant.</summary>
    public bool IsOpen(DateTimeOffset instant)
    {
        var asked = Instant.FromDateTimeOffset(instant);
        var today = OpenDays.NumberOf(asked.InZone(Zone).Date);
        return Covers(today) || Covers(today - 1);

        bool Covers(int day) =>
            _days.Closed(day) is null && SlotIn(OpenDays.DateOf(day), asked) is { Kind: SlotKind.Open } slot && slot.At == asked;
    }

    /// <summary>
    /// Adds business days and keeps the local time. Business days are the schedule's days (Monday to Friday when it has none) except
    /// holidays.
    /// </summary>
    /// <param name="instant">The instant to count from.</param>
    /// <param name="days">0 or more; 0 returns the instant itself.</param>
    /// <returns>The instant in UTC. When the calendar leaves too few business days, the instant <see cref="HorizonDays"/> ahead.</returns>
    public DateTimeOffset AddBusinessDays(DateTimeOffset instant, int days) => Add(instant, days, Zone, _businessDays);

    /// <summary>Adds business days without a schedule: Monday to Friday, in UTC.</summary>
    /// <param name="days">0 or more; 0 returns the instant itself.</param>
    /// <returns>The instant in UTC.</returns>
    public static DateTimeOffset AddWeekdays(DateTimeOffset instant, int days) => Add(instant, days, DateTimeZone.Utc, UtcWeekdays);

    /// <summary>
    /// When a wait in business days began that ends at an instant: on the latest possible day, at the same local time.
    /// </summary>
    /// <param name="days">0 or more; 0 returns the instant itself.</param>
    /// <returns>The instant in UTC.</returns>
    public DateTimeOffset SubtractBusinessDays(DateTimeOffset instant, int days) => Subtract(instant, days, Zone, _businessDays);

    /// <summary>Subtracts business days without a schedule: Monday to Friday, in UTC.</summary>
    /// <param name="days">0 or more; 0 returns the instant itself.</param>
    /// <returns>The instant in UTC.</returns>
    public static DateTimeOffset SubtractWeekdays(DateTimeOffset instant, int days) =>
        Subtract(instant, days, DateTimeZone.Utc, UtcWeekdays);

    private static DateTimeOffset Add(DateTimeOffset instant, int days, DateTimeZone zone, OpenDays business)
    {
        if (days == 0)
        {
            return instant.ToUniversalTime();
        }

        var local = Instant.FromDateTimeOffset(instant).InZone(zone).LocalDateTime;
        return OnDay(business.Add(OpenDays.NumberOf(local.Date), days, HorizonDays), local.TimeOfDay, zone);
    }

    private static DateTimeOffset Subtract(DateTimeOffset instant, int days, DateTimeZone zone, OpenDays business)
    {
        if (days == 0)
        {
            return instant.ToUniversalTime();
        }

        var local = Instant.FromDateTimeOffset(instant).InZone(zone).LocalDateTime;
        return OnDay(business.Subtract(OpenDays.NumberOf(local.Date), days, HorizonDays), local.TimeOfDay, zone);
    }

    private static DateTimeOffset OnDay(int day, LocalTime time, DateTimeZone zone) =>
        First(zone.MapLocal(OpenDays.DateOf(day) + time)).ToDateTimeOffset();

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
        public Move EndsAt(DateTimeOffset instant) => new(Reason, instant, Name);
    }
}

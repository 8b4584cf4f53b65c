using FollowUp.Domain.Quotas;
using FollowUp.Domain.Scheduling;
using NodaTime;

namespace FollowUp.UnitTests.Scheduling;

/// <summary>The function from an instant to (instant, reasons), by examples. <see cref="SendingPlanProperties"/> holds it over all zones.</summary>
public sealed class SendingPlanTests
{
    private static readonly Holidays Easter = new([new(new(2026, 4, 3), "Karfreitag"), new(new(2026, 4, 6), "Ostermontag")]);

    [Fact]
    public void An_instant_within_the_window_is_unchanged_without_a_reason()
    {
        var placed = Office().Place(Utc("2026-02-03T10:30:00Z"));

        placed.At.ShouldBe(Utc("2026-02-03T10:30:00Z"));
        placed.Moves.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-02-03T16:00:00Z", "2026-02-04T08:00:00Z", "window")] // 17:00 in Berlin is closed already.
    [InlineData("2026-02-03T15:59:59Z", "2026-02-03T15:59:59Z", "")]
    [InlineData("2026-02-03T05:00:00Z", "2026-02-03T08:00:00Z", "window")]
    [InlineData("2026-02-07T10:00:00Z", "2026-02-09T08:00:00Z", "weekend")]
    [InlineData("2026-02-06T16:30:00Z", "2026-02-09T08:00:00Z", "window weekend")]
    public void A_step_due_outside_the_window_is_sent_at_the_next_opening(string due, string placed, string reasons) =>
        Check(Office().Place(Utc(due)), placed, reasons);

    [Fact]
    public void Each_reason_contains_its_target_instant()
    {
        var plan = new Schedule("Europe/Berlin", null, Weekdays.MondayToFriday, new(9, 0), new(17, 0), null).For(null, Easter);

        // Thursday evening before Easter 2026: Good Friday, the weekend and Easter Monday are closed.
        var placed = plan.Place(Utc("2026-04-02T18:00:00Z"));

        placed
            .Moves.Select(m => (m.Reason, m.To, m.Name))
            .ShouldBe([
                (MoveReason.Window, Utc("2026-04-03T07:00:00Z"), null),
                (MoveReason.Holiday, Utc("2026-04-04T07:00:00Z"), "Karfreitag"),
                (MoveReason.Weekend, Utc("2026-04-06T07:00:00Z"), null),
                (MoveReason.Holiday, Utc("2026-04-07T07:00:00Z"), "Ostermontag"),
            ]);
        placed.At.ShouldBe(Utc("2026-04-07T07:00:00Z"));
    }

    [Fact]
    public void Consecutive_holidays_are_one_reason_that_names_them_all()
    {
        var christmas = new Holidays([
            new(new(2026, 12, 24), "Christmas Eve"),
            new(new(2026, 12, 25), "Christmas Day"),
            new(new(2026, 12, 26), null),
        ]);
        var plan = new Schedule("Europe/Berlin", null, null, null, null, null).For(null, christmas);

        plan.Place(Utc("2026-12-24T08:00:00Z"))
            .Moves.ShouldBe([new Move(MoveReason.Holiday, Utc("2026-12-26T23:00:00Z"), "Christmas Eve, Christmas Day")]);
    }

    [Fact]
    public void A_closed_weekday_is_a_separate_reason() =>
        Check(
            Plan("Europe/Berlin", Weekdays.Monday | Weekdays.Thursday, "09:00", "17:00").Place(Utc("2026-02-03T10:00:00Z")),
            "2026-02-05T08:00:00Z",
            "day"
        );

    [Theory]
    [InlineData("2026-02-03T23:30:00Z", "2026-02-03T23:30:00Z", "")] // Half past midnight on Wednesday in Berlin: Tuesday's window.
    [InlineData("2026-02-03T12:00:00Z", "2026-02-03T21:00:00Z", "window")]
    [InlineData("2026-02-07T01:00:00Z", "2026-02-07T01:00:00Z", "")] // Saturday 02:00 belongs to Friday's window.
    [InlineData("2026-02-07T05:00:00Z", "2026-02-09T21:00:00Z", "window weekend")]
    public void A_window_across_midnight_belongs_to_the_day_on_which_it_opens(string due, string placed, string reasons) =>
        Check(Plan("Europe/Berlin", Weekdays.MondayToFriday, "22:00", "06:00").Place(Utc(due)), placed, reasons);

    [Theory]
    [InlineData("2026-02-03T06:00:00Z", "09:30", "2026-02-03T08:30:00Z", "at")]
    [InlineData("2026-02-03T08:30:00Z", "09:30", "2026-02-03T08:30:00Z", "")]
    [InlineData("2026-02-03T08:30:01Z", "09:30", "2026-02-04T08:30:00Z", "at")]
    [InlineData("2026-02-06T10:00:00Z", "09:30", "2026-02-09T08:30:00Z", "at weekend")]
    [InlineData("2026-02-03T06:00:00Z", "20:00", "2026-02-03T08:00:00Z", "at")] // Outside the window, which wins.
    public void A_step_with_a_local_time_is_sent_at_that_time(string due, string at, string placed, string reasons) =>
        Check(Office().Place(Utc(due), Time(at)), placed, reasons);

    [Theory]
    [InlineData("2026-03-29T00:30:00Z", null, "2026-03-29T00:30:00Z", "")] // 01:30 in Berlin, before the gap.
    [InlineData("2026-03-28T23:30:00Z", "02:30", "2026-03-29T01:00:00Z", "at dst")] // 02:30 is not there: 03:00 it is.
    [InlineData("2026-10-24T23:00:00Z", "02:30", "2026-10-25T00:30:00Z", "at")] // 02:30 comes twice: the first.
    [InlineData("2026-10-25T01:00:00Z", "02:30", "2026-10-26T01:30:00Z", "at")] // After the first 02:30 not the second, but the next day's.
    public void A_skipped_local_time_moves_forward_and_a_repeated_one_occurs_once(string due, string? at, string placed, string reasons) =>
        Check(Plan("Europe/Berlin", null, null, null).Place(Utc(due), at is null ? null : Time(at)), placed, reasons);

    [Theory]
    [InlineData("02:30", "05:00", "2026-03-29T00:10:00Z", "2026-03-29T01:00:00Z", "window dst")] // It opens with the first instant after the gap.
    [InlineData("02:10", "02:50", "2026-03-29T00:10:00Z", "2026-03-30T00:10:00Z", "dst")] // All of it is in the gap: not open on that day.
    [InlineData("00:00", "02:30", "2026-10-25T00:45:00Z", "2026-10-25T01:00:00Z", "window dst")] // 02:45 is closed; the clock goes back to 02:00.
    [InlineData("02:30", "05:00", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z", "window")] // The second 02:10 is closed as well.
    public void A_window_follows_the_local_clock(string from, string to, string due, string placed, string reasons) =>
        Check(Plan("Europe/Berlin", null, from, to).Place(Utc(due)), placed, reasons);

    /// <summary>mautic#11602: at the end of summer time a step was put off again and again within the hour that comes twice.</summary>
    [Fact]
    public void At_fall_back_a_placed_instant_is_never_moved_again()
    {
        var plan = Plan("America/New_York", null, "01:30", "01:45");
        for (var due = Utc("2026-11-01T04:00:00Z"); due < Utc("2026-11-01T08:00:00Z"); due = due.AddSeconds(30))
        {
            var placed = plan.Place(due);

            var again = plan.Place(placed.At);
            (again.At, again.Moves.Count).ShouldBe((placed.At, 0));
            plan.IsOpen(placed.At).ShouldBeTrue();
        }
    }

    /// <summary>quartznet#2475: a daily time within the hour that comes twice fired without end for that hour.</summary>
    [Fact]
    public void At_fall_back_a_daily_time_occurs_once()
    {
        var plan = Plan("America/New_York", null, null, null);
        List<DateTimeOffset> fired = [];
        for (var next = Utc("2026-10-31T12:00:00Z"); fired.Count < 3; next = fired[^1].AddTicks(1))
        {
            fired.Add(plan.Place(next, new LocalTime(1, 30)).At);
        }

        fired.ShouldBe([Utc("2026-11-01T05:30:00Z"), Utc("2026-11-02T06:30:00Z"), Utc("2026-11-03T06:30:00Z")]);
    }

    [Theory]
    [InlineData("Asia/Tokyo", "2026-02-04T00:00:00Z")]
    [InlineData(null, "2026-02-03T14:00:00Z")]
    [InlineData("Not/AZone", "2026-02-03T14:00:00Z")]
    public void The_recipients_zone_applies_or_else_the_fallback(string? zone, string placed)
    {
        var schedule = new Schedule(Schedule.Recipients, "America/New_York", null, new(9, 0), new(17, 0), null);

        schedule.For(zone, Holidays.None).Place(Utc("2026-02-03T10:00:00Z")).At.ShouldBe(Utc(placed));
    }

    [Theory]
    [InlineData("2026-02-05T10:00:00Z", 2, "2026-02-09T10:00:00Z")] // Thursday + 2
    [InlineData("2026-02-07T10:00:00Z", 1, "2026-02-09T10:00:00Z")] // Saturday + 1
    [InlineData("2026-02-05T10:00:00Z", 0, "2026-02-05T10:00:00Z")]
    [InlineData("2026-04-02T10:00:00Z", 1, "2026-04-07T10:00:00Z")] // Maundy Thursday + 1
    [InlineData("2026-03-27T10:00:00Z", 1, "2026-03-30T09:00:00Z")] // 11:00 in Berlin on both sides of the change
    [InlineData("2026-03-24T22:30:00Z", 1, "2026-03-25T22:30:00Z")] // Counted in Berlin, where it is 23:30 on Tuesday
    public void Business_days_skip_the_days_off_and_keep_the_local_time(string from, int days, string due)
    {
        var plan = new Schedule("Europe/Berlin", null, null, null, null, null).For(null, Easter);

        plan.AddBusinessDays(Utc(from), days).ShouldBe(Utc(due));
    }

    [Fact]
    public void A_calendar_without_open_days_ends_at_the_horizon_with_a_reason()
    {
        var all = Enumerable.Range(0, 1_000).Select(new DateOnly(2026, 1, 1).AddDays).Select(date => new CalendarDay(date, null));
        var plan = new Schedule("Europe/Berlin", null, null, null, null, null).For(null, new Holidays(all));

        var placed = plan.Place(Utc("2026-02-03T10:00:00Z"));

        placed.Opens.ShouldBeFalse();
        placed.At.ShouldBe(Utc("2026-02-03T10:00:00Z").AddDays(SendingPlan.HorizonDays));
        placed.Moves.Select(m => m.Reason).ShouldBe([MoveReason.Holiday]);
    }

    [Fact]
    public void A_cap_grows_with_its_ramp_up_to_mailsPerDay()
    {
        var limits = new Limits("Europe/Berlin", 100, null, new Ramp(40, 25, new(2026, 2, 3)), null);

        Enumerable.Range(1, 7).Select(day => limits.MailsOn(new(2026, 2, day))).ShouldBe([40, 40, 40, 65, 90, 100, 100]);
        limits.DayOf(Utc("2026-02-03T23:30:00Z")).ShouldBe(new DateOnly(2026, 2, 4));
        limits.NextDay(Utc("2026-03-28T23:30:00Z")).ShouldBe(Utc("2026-03-29T22:00:00Z"));
    }

    private static void Check(Placement placed, string at, string reasons)
    {
        placed.At.ShouldBe(Utc(at));
        string.Join(' ', placed.Moves.Select(m => m.Reason.ToString().ToLowerInvariant())).ShouldBe(reasons);
        if (placed.Moves.Count > 0)
        {
            placed.Moves[^1].To.ShouldBe(placed.At);
        }
    }

    private static SendingPlan Office() => Plan("Europe/Berlin", Weekdays.MondayToFriday, "09:00", "17:00");

    private static SendingPlan Plan(string zone, Weekdays? days, string? from, string? to) =>
        new Schedule(zone, null, days, from is null ? null : Time(from), to is null ? null : Time(to), null).For(null, Holidays.None);

    private static LocalTime Time(string text) => NodaTime.Text.LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(text).Value;

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.UnitTests.Support;
using NodaTime;

namespace FollowUp.UnitTests.Scheduling;

/// <summary>What placing a step may cost. A user decides which days are closed, and places up to a million steps with one request.</summary>
public sealed class PlacementCostTests
{
    private const int Steps = 100;
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(700, true)]
    [InlineData(4_000, false)] // Nothing opens within two years.
    public void Placing_a_step_does_not_read_the_zone_for_each_closed_day(int days, bool opens)
    {
        var zone = new CountedZone("Europe/Berlin");
        var plan = Plan(zone, null, Enumerable.Range(0, days));

        var placed = Enumerable.Range(0, Steps).Select(i => plan.Place(Monday.AddMinutes(i))).ToList();

        placed.ShouldAllBe(each => each.Opens == opens);
        zone.Reads.ShouldBeLessThan(20 * Steps);
    }

    [Fact]
    public void A_placement_has_a_bounded_number_of_reasons_the_last_of_which_leads_to_the_opening()
    {
        var zone = new CountedZone("Europe/Berlin");
        // Mondays only, and for a hundred weeks each Monday is a holiday: three reasons a week.
        var plan = Plan(zone, Weekdays.Monday, Enumerable.Range(0, 100).Select(week => 7 * week), "Closed");

        var placed = plan.Place(Monday);

        placed.At.ShouldBe(new(2028, 1, 31, 8, 0, 0, TimeSpan.Zero));
        placed.Moves.Count.ShouldBe(SendingPlan.MostReasons);
        placed.Moves.Select(move => move.To).ShouldBeInOrder();
        placed
            .Moves.TakeLast(3)
            .ShouldBe([
                new(MoveReason.Weekend, new(2026, 4, 13, 7, 0, 0, TimeSpan.Zero)),
                new(MoveReason.Holiday, new(2028, 1, 29, 8, 0, 0, TimeSpan.Zero), "Closed"),
                new(MoveReason.Weekend, placed.At),
            ]);
        zone.Reads.ShouldBeLessThan(10 * SendingPlan.MostReasons);
    }

    [Fact]
    public void Moving_a_wait_in_business_days_does_not_read_the_zone_for_each_day_that_it_counts_back()
    {
        var zone = new CountedZone("Europe/Berlin");
        var plan = Plan(zone, Weekdays.Monday, []);
        Step[] old = [WaitStep.OfBusinessDays(260)! with { Id = "w" }, An.Mail];
        var sequence = An.SequenceOf(old);
        var instance = Instance.Enroll(sequence, An.Anna, "{}", null, null, Monday, plan).Value;
        sequence.ChangeSteps([WaitStep.OfBusinessDays(90)! with { Id = "w" }, An.Mail], Monday);
        var before = zone.Reads;

        instance.MoveTo(sequence.Current, default, new(old, plan), () => Monday, Monday);

        // The old wait ended at the horizon, after 104 Mondays; it began on the day of the enrolment.
        instance.Job!.DueAt.ShouldBe(plan.AddBusinessDays(Monday, 90));
        (zone.Reads - before).ShouldBeLessThan(50);
    }

    /// <summary>With closed days that are counted from the Monday.</summary>
    private static SendingPlan Plan(DateTimeZone zone, Weekdays? days, IEnumerable<int> closed, string? name = null) =>
        new(
            new Schedule(zone.Id, null, days, new(9, 0), new(17, 0), null),
            zone,
            new Holidays(closed.Select(day => new CalendarDay(DateOnly.FromDateTime(Monday.UtcDateTime).AddDays(day), name)))
        );
}

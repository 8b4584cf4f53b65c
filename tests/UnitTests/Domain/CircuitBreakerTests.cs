using CsCheck;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Dispatch;
using FollowUp.Domain.Instances;

namespace FollowUp.UnitTests.Domain;

public sealed class CircuitBreakerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly OwnerId Anna = Owner(1);
    private static readonly OwnerId Ben = Owner(2);

    [Fact]
    public void One_destination_never_opens_the_breaker() =>
        Fail(CircuitBreaker.Closed, Enumerable.Repeat((Anna, 1L), 100)).IsOpen.ShouldBeFalse();

    [Fact]
    public void Five_destinations_of_one_owner_open_the_breaker_and_four_do_not()
    {
        var four = Fail(CircuitBreaker.Closed, Enumerable.Range(1, 40).Select(i => (Anna, i % 4L)));

        four.IsOpen.ShouldBeFalse();
        Fail(four, [(Anna, 5)]).IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void Failures_of_two_owners_open_the_breaker() =>
        Fail(CircuitBreaker.Closed, [(Anna, 1), (Anna, 1), (Anna, 1), (Anna, 1), (Ben, 2)]).IsOpen.ShouldBeTrue();

    [Fact]
    public void A_success_resets_the_count_of_failures()
    {
        var breaker = Fail(CircuitBreaker.Closed, [(Anna, 1), (Anna, 2), (Anna, 3), (Anna, 4)]).Accepted(Anna, Noon);

        Fail(breaker, [(Anna, 5), (Anna, 6), (Anna, 7), (Anna, 8)]).IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void Probe_intervals_double_from_5_to_300_seconds_and_respect_Retry_After()
    {
        var breaker = Open();
        List<double> waits = [];
        for (var i = 0; i < 9; i++)
        {
            waits.Add((breaker.OpenUntil!.Value - Noon).TotalSeconds);
            breaker = breaker.Failed(new FailureSource(Anna, 1), isProbe: true, null, "503", Noon);
        }

        waits.ShouldBe([5, 10, 20, 40, 80, 160, 300, 300, 300]);
        var asked = breaker.Failed(new FailureSource(Anna, 1), isProbe: true, TimeSpan.FromMinutes(20), "429", Noon);
        asked.OpenUntil.ShouldBe(Noon.AddMinutes(20));
        asked.Cause.ShouldBe("429");
    }

    [Fact]
    public void An_owner_that_opened_the_breaker_alone_cannot_reopen_it_after_another_owners_successful_probe()
    {
        var closed = Open().Accepted(Ben, Noon);

        var again = Fail(closed, Enumerable.Range(1, 100).Select(i => (Anna, (long)i)));

        closed.IsOpen.ShouldBeFalse();
        again.IsOpen.ShouldBeFalse();
        Fail(again, Enumerable.Range(1, 5).Select(i => (Ben, (long)i))).IsOpen.ShouldBeTrue("other owners' failures still count");
    }

    [Fact]
    public void A_discounted_owners_failures_count_again_after_its_own_success_and_after_a_while()
    {
        var closed = Open().Accepted(Ben, Noon);
        var five = Enumerable.Range(1, 5).Select(i => (Anna, (long)i)).ToList();

        Fail(closed.Accepted(Anna, Noon), five).IsOpen.ShouldBeTrue();
        Fail(closed, five, Noon + CircuitBreaker.DiscountedFor).IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void An_owner_that_reopens_the_breaker_alone_within_an_hour_is_discounted_for_a_time()
    {
        var five = Enumerable.Range(1, 5).Select(i => (Anna, (long)i)).ToList();
        var (breaker, now) = (CircuitBreaker.Closed, Noon);
        List<double> minutes = [];
        for (var i = 0; i < 6; i++)
        {
            breaker = Fail(breaker, five, now);
            breaker.IsOpen.ShouldBeTrue();
            breaker = breaker.Accepted(Ben, now).Accepted(Anna, now);
            var until = breaker.Discounts.ShouldHaveSingleItem().Until;
            minutes.Add((until - now).TotalMinutes);
            Fail(breaker, five, until > now ? until.AddTicks(-1) : now)
                .IsOpen.ShouldBe(until == now, "its failures count only when the discount is over");
            now = until;
        }

        minutes.ShouldBe([0, 10, 20, 40, 60, 60]);
        var later = Fail(breaker, five, now + CircuitBreaker.RememberedFor).Accepted(Ben, now + CircuitBreaker.RememberedFor);
        later.Discounts.ShouldHaveSingleItem().Times.ShouldBe(1, "an hour later it is the first time again");
    }

    [Fact]
    public void An_outage_that_other_owners_probes_confirm_discounts_no_owner()
    {
        var outage = Open().Failed(new FailureSource(Ben, 9), isProbe: true, null, "503", Noon);

        Fail(outage.Accepted(Owner(3), Noon), Enumerable.Range(1, 5).Select(i => (Anna, (long)i))).IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void A_probe_that_sent_nothing_is_no_failure_and_the_next_one_may_follow_at_once()
    {
        var (open, instance) = (Open(), new InstanceId(Guid.NewGuid()));
        var probing = open.Probing(new Probe(Anna, instance), TimeSpan.FromSeconds(15), Noon);

        var next = probing.SentNothing(instance, Noon.AddSeconds(1));

        next.OpenUntil.ShouldBe(Noon.AddSeconds(1));
        (next.Failures, next.Trips).ShouldBe((open.Failures, open.Trips));
        next.LastTried.ShouldBe(Anna, "the search goes on behind it");
    }

    [Fact]
    public void After_ten_probes_in_a_row_that_sent_nothing_the_next_one_waits()
    {
        var (breaker, now) = (Open(), Noon);
        List<double> waits = [];
        for (var i = 0; i < 2 * CircuitBreaker.MostIdleProbes; i++)
        {
            var instance = new InstanceId(Guid.NewGuid());
            breaker = breaker.Probing(new Probe(Anna, instance), TimeSpan.FromSeconds(15), now).SentNothing(instance, now);
            waits.Add((breaker.OpenUntil!.Value - now).TotalSeconds);
            now = breaker.OpenUntil.Value;
        }

        double[] once = [0, 0, 0, 0, 0, 0, 0, 0, 0, 5];
        waits.ShouldBe([.. once, .. once]);
    }

    [Fact]
    public void A_probe_that_sent_nothing_reverts_only_its_own_wait()
    {
        var (first, second) = (new InstanceId(Guid.NewGuid()), new InstanceId(Guid.NewGuid()));
        var window = TimeSpan.FromSeconds(15);
        var probing = Open().Probing(new Probe(Anna, first), window, Noon);
        var asked = probing.Failed(new FailureSource(Ben, 1), isProbe: false, TimeSpan.FromMinutes(20), "429", Noon);
        var another = probing.Probing(new Probe(Anna, second), window, Noon.Add(window));

        asked.SentNothing(first, Noon).ShouldBeSameAs(asked, "the provider asked for a longer wait");
        another.SentNothing(first, Noon).ShouldBeSameAs(another, "another probe is under way");
        CircuitBreaker.Closed.SentNothing(first, Noon).ShouldBeSameAs(CircuitBreaker.Closed);
    }

    [Fact]
    public void After_a_refused_probe_the_breaker_stays_open_without_a_discount_and_the_next_probe_may_follow_at_once()
    {
        var (open, instance) = (Open(), new InstanceId(Guid.NewGuid()));
        var probing = open.Probing(new Probe(Ben, instance), TimeSpan.FromSeconds(15), Noon);

        var next = probing.Refused(instance, Noon.AddSeconds(1));

        next.OpenUntil.ShouldBe(Noon.AddSeconds(1));
        (next.Failures, next.Trips).ShouldBe((open.Failures, open.Trips));
        next.Discounts.ShouldBeEmpty();
        CircuitBreaker.Closed.Refused(instance, Noon).ShouldBeSameAs(CircuitBreaker.Closed);
    }

    [Fact]
    public void A_breaker_whose_probes_are_all_refused_closes_and_the_next_failure_opens_it_again()
    {
        var (open, now) = (Open(), Noon);
        var breaker = open;
        for (var i = 0; i < CircuitBreaker.RefusalsToClose; i++)
        {
            breaker.IsOpen.ShouldBeTrue();
            breaker = RefuseProbe(breaker, ref now);
        }

        breaker.IsOpen.ShouldBeFalse();
        breaker.Discounts.ShouldBeEmpty();
        (now - Noon).ShouldBeLessThan(TimeSpan.FromMinutes(1));
        var again = Fail(breaker, [(Ben, 9)], now);
        (again.OpenUntil - now).ShouldBe(TimeSpan.FromSeconds(10), "the waits continue");
        Fail(breaker.Accepted(Ben, now), [(Anna, 1), (Anna, 2), (Anna, 3), (Anna, 4)], now).IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void A_failed_probe_restarts_the_count_of_refused_probes()
    {
        var (breaker, now) = (Open(), Noon);
        for (var i = 0; i < 3 * CircuitBreaker.RefusalsToClose; i++)
        {
            breaker =
                i % CircuitBreaker.MostProbes == 0
                    ? breaker.Failed(new FailureSource(Anna, 1), isProbe: true, null, "503", now)
                    : RefuseProbe(breaker, ref now);
        }

        breaker.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void The_state_is_bounded_and_the_breaker_opens_only_with_enough_evidence() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[1, 80], Gen.Long[0, 40], Gen.Bool)
            .Array[0, 300]
            .Sample(
                deeds =>
                {
                    var breaker = CircuitBreaker.Closed;
                    foreach (var (deed, owner, destination, isProbe) in deeds)
                    {
                        breaker = deed switch
                        {
                            0 => breaker.Accepted(Owner(owner), Noon),
                            1 when breaker.IsOpen => breaker.Probing(
                                new Probe(Owner(owner), new InstanceId(Guid.NewGuid())),
                                TimeSpan.FromSeconds(15),
                                Noon
                            ),
                            2 when breaker.Probes is [.., var last] => breaker.Refused(last.Instance, Noon),
                            _ => breaker.Failed(new FailureSource(Owner(owner), destination), isProbe, null, null, Noon),
                        };
                        breaker.Sources.Count.ShouldBeLessThanOrEqualTo(CircuitBreaker.MostSources);
                        breaker.Probes.Count.ShouldBeLessThanOrEqualTo(CircuitBreaker.MostProbes);
                        breaker.Discounts.Count.ShouldBeLessThanOrEqualTo(CircuitBreaker.MostDiscounted);
                        if (breaker.IsOpen)
                        {
                            breaker.Failures.ShouldBeGreaterThanOrEqualTo(CircuitBreaker.FailuresToOpen);
                        }
                    }
                },
                iter: 1_000
            );

    private static CircuitBreaker RefuseProbe(CircuitBreaker breaker, ref DateTimeOffset now)
    {
        var instance = new InstanceId(Guid.NewGuid());
        now = breaker.OpenUntil!.Value;
        return breaker.Probing(new Probe(Ben, instance), TimeSpan.FromSeconds(15), now).Refused(instance, now);
    }

    private static CircuitBreaker Open() => Fail(CircuitBreaker.Closed, Enumerable.Range(1, 5).Select(i => (Anna, (long)i)));

    private static CircuitBreaker Fail(
        CircuitBreaker breaker,
        IEnumerable<(OwnerId Owner, long Destination)> failures,
        DateTimeOffset? now = null
    ) =>
        failures.Aggregate(
            breaker,
            (b, f) => b.Failed(new FailureSource(f.Owner, f.Destination), isProbe: false, null, "503", now ?? Noon)
        );

    private static OwnerId Owner(int n) => new(new Guid(n, 0, 0, new byte[8]));
}

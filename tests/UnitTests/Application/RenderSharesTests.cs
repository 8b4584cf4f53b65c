using FollowUp.Application.Templates;
using FollowUp.Domain.Accounts;
using Microsoft.Extensions.Time.Testing;

namespace FollowUp.UnitTests.Application;

public sealed class RenderSharesTests
{
    private static readonly OwnerId Expensive = new(Guid.NewGuid());
    private static readonly OwnerId Other = new(Guid.NewGuid());

    private readonly FakeTimeProvider _time = new();
    private readonly RenderShares _shares;

    public RenderSharesTests() => _shares = new RenderShares(_time);

    [Fact]
    public void Any_number_of_usual_mails_is_free()
    {
        for (var i = 0; i < 100_000; i++)
        {
            _shares.Pay(Expensive, RenderShares.FreeOfEach);
        }

        _shares.Wait(Expensive).ShouldBeNull();
        _shares.Book(Expensive).ShouldBeNull();
    }

    [Fact]
    public void After_a_request_at_the_limit_the_next_one_must_wait()
    {
        _shares.Pay(Expensive, RenderAllowance.Most);
        _shares.Wait(Expensive).ShouldBeNull();

        _shares.Pay(Expensive, RenderAllowance.Most);

        _shares.Wait(Expensive)!.Value.ShouldBeInRange(TimeSpan.FromSeconds(15), RenderShares.Credit);
        _shares.Wait(Other).ShouldBeNull();
    }

    [Fact]
    public void A_used_share_recovers_over_time()
    {
        _shares.Pay(Expensive, 2 * RenderAllowance.Most);
        _shares.Wait(Expensive).ShouldNotBeNull();

        _time.Advance(RenderShares.Credit);

        _shares.Wait(Expensive).ShouldBeNull();
    }

    [Fact]
    public void Waiting_steps_return_at_intervals_equal_to_their_cost()
    {
        var each = 4 * RenderShares.PerSecond;
        for (var i = 0; i < 6; i++)
        {
            _shares.Pay(Expensive, each + RenderShares.FreeOfEach);
        }

        // 24 s are owed, 16 s of which are credit.
        TimeSpan[] booked = [.. Enumerable.Range(0, 3).Select(_ => _shares.Book(Expensive)!.Value)];

        booked.ShouldBe([TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(20)]);
    }

    [Fact]
    public void A_meter_sums_the_cost_of_all_allowances_of_a_request()
    {
        var meter = RenderMeter.Begin();
        var (first, second) = (new RenderAllowance(), new RenderAllowance());

        first.Take(5);
        first.TakeAtWorst(1_000);
        second.Take(7);
        second.Meter(3);

        meter.Work.ShouldBe(15);
        first.Cost.ShouldBe(5);
    }
}

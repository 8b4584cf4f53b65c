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
    public void Usual_mails_are_free_however_many_there_are()
    {
        for (var i = 0; i < 100_000; i++)
        {
            _shares.Pay(Expensive, RenderShares.FreeOfEach);
        }

        _shares.Wait(Expensive).ShouldBeNull();
        _shares.Book(Expensive).ShouldBeNull();
    }

    [Fact]
    public void One_request_may_use_all_that_a_request_may_use_and_the_next_one_soon_after_has_to_wait()
    {
        _shares.Pay(Expensive, RenderAllowance.Most);
        _shares.Wait(Expensive).ShouldBeNull();

        _shares.Pay(Expensive, RenderAllowance.Most);

        _shares.Wait(Expensive)!.Value.ShouldBeInRange(TimeSpan.FromSeconds(15), RenderShares.Credit);
        _shares.Wait(Other).ShouldBeNull();
    }

    [Fact]
    public void What_was_used_is_paid_off_as_time_passes()
    {
        _shares.Pay(Expensive, 2 * RenderAllowance.Most);
        _shares.Wait(Expensive).ShouldNotBeNull();

        _time.Advance(RenderShares.Credit);

        _shares.Wait(Expensive).ShouldBeNull();
    }

    [Fact]
    public void Steps_that_wait_come_back_one_by_one_as_far_apart_as_they_cost()
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
    public void A_meter_adds_up_what_all_allowances_of_a_request_took()
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

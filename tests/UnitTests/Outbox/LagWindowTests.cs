using FollowUp.Application.Dispatch;
using Microsoft.Extensions.Time.Testing;

namespace FollowUp.UnitTests.Outbox;

/// <summary>How late a node claimed steps in the last five minutes.</summary>
public sealed class LagWindowTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(250)]
    [InlineData(3_600_000)]
    [InlineData(80_000_000)]
    public void A_quantile_is_within_13_percent(double milliseconds)
    {
        var window = new LagWindow(_time);
        window.Note(TimeSpan.FromMilliseconds(milliseconds));

        LagWindow.Quantile(Counts(window), 0.5)!.Value.ShouldBe(milliseconds, tolerance: 1 + milliseconds * 0.13);
    }

    [Fact]
    public void The_99th_percentile_leaves_out_one_claim_in_a_hundred()
    {
        var window = new LagWindow(_time);
        for (var i = 0; i < 99; i++)
        {
            window.Note(TimeSpan.FromMilliseconds(10));
        }

        window.Note(TimeSpan.FromMinutes(1));
        LagWindow.Quantile(Counts(window), 0.99)!.Value.ShouldBeLessThan(12);

        window.Note(TimeSpan.FromMinutes(1));
        LagWindow.Quantile(Counts(window), 0.99)!.Value.ShouldBeGreaterThan(50_000);
    }

    [Fact]
    public void A_claim_counts_for_five_minutes()
    {
        var window = new LagWindow(_time);
        window.Note(TimeSpan.FromSeconds(1));

        _time.Advance(TimeSpan.FromSeconds(290));
        window.Note(TimeSpan.FromSeconds(1));
        Counts(window).Sum().ShouldBe(2);
        _time.Advance(TimeSpan.FromSeconds(10));
        Counts(window).Sum().ShouldBe(1);
        // The same slot again, five minutes later.
        _time.Advance(TimeSpan.FromSeconds(280));
        Counts(window).Sum().ShouldBe(1);
        window.Note(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(10));
        Counts(window).Sum().ShouldBe(1);
    }

    [Fact]
    public void Without_claims_there_is_no_quantile()
    {
        LagWindow.Quantile(Counts(new LagWindow(_time)), 0.99).ShouldBeNull();
    }

    private static long[] Counts(LagWindow window) => [.. window.Read().Select(count => (long)count)];
}

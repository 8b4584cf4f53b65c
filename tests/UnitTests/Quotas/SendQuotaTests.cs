using CsCheck;
using FollowUp.Domain.Quotas;
using FollowUp.Domain.Scheduling;

namespace FollowUp.UnitTests.Quotas;

/// <summary>The rules of quotas over generated limits and counts.</summary>
public sealed class SendQuotaTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 28, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Limits> AnyLimits = Gen.Select(
        Gen.OneOf<string>("Etc/UTC", "Europe/Berlin", "Pacific/Apia", "America/Los_Angeles"),
        Gen.Int[1, 5].Nullable(),
        Gen.Int[1, 90_000].Nullable(),
        Gen.Int[1, 3].Nullable(),
        (zone, perDay, gap, each) => new Limits(zone, perDay, gap is { } s ? TimeSpan.FromSeconds(s) : null, null, each)
    );

    private static readonly Gen<QuotaState> AnyState = Gen.Select(
        Gen.Int[-1, 1],
        Gen.Int[0, 6],
        Gen.Int[0, 100_000].Nullable(),
        Gen.Int[0, 4],
        Gen.Int[0, 3],
        Gen.Int[0, 3],
        (day, taken, since, toRecipient, followUps, earlier) =>
            new QuotaState(
                new(DateOnly.FromDateTime(Noon.UtcDateTime).AddDays(day), taken, since is { } s ? Noon - TimeSpan.FromSeconds(s) : null),
                toRecipient,
                followUps,
                earlier
            )
    );

    [Fact]
    public void An_allowed_mail_keeps_every_limit_including_mails_that_precede_it() =>
        Gen.Select(AnyLimits, AnyState)
            .Sample(
                (limits, state) =>
                {
                    if (limits.Refusal(state, Noon) is not null)
                    {
                        return;
                    }

                    var day = limits.DayOf(Noon);
                    var before = state.FollowUpsBefore + state.EarlierMails;
                    (state.Sent.On(day) + before + 1).ShouldBeLessThanOrEqualTo(limits.MailsOn(day) ?? int.MaxValue);
                    (state.ToRecipient + 1).ShouldBeLessThanOrEqualTo(limits.PerRecipientPerDay ?? int.MaxValue);
                    if (limits.MinGap is { } gap)
                    {
                        before.ShouldBe(0);
                        (state.Sent.LastAt ?? DateTimeOffset.MinValue).ShouldBeLessThanOrEqualTo(Noon - gap);
                    }
                }
            );

    [Fact]
    public void A_refused_mail_may_be_sent_at_the_end_of_the_refusal_if_no_other_was_sent() =>
        Gen.Select(AnyLimits, AnyState)
            .Sample(
                (limits, state) =>
                {
                    var (now, moves) = (Noon, 0);
                    while (limits.Refusal(state, now) is { } refusal)
                    {
                        refusal.Move.To.ShouldBeGreaterThan(now);
                        now = refusal.Move.To;
                        state = new(state.Sent, refusal.Move.Reason == MoveReason.Gap ? state.ToRecipient : 0, 0, 0);
                        (++moves).ShouldBeLessThan(6);
                    }
                }
            );

    [Fact]
    public void More_mails_before_a_refused_one_never_allow_it() =>
        Gen.Select(AnyLimits, AnyState)
            .Sample(
                (limits, state) =>
                {
                    foreach (
                        var more in new[]
                        {
                            state with
                            {
                                FollowUpsBefore = state.FollowUpsBefore + 1,
                            },
                            state with
                            {
                                EarlierMails = state.EarlierMails + 1,
                            },
                            state with
                            {
                                Sent = state.Sent with { Taken = state.Sent.Taken + 1 },
                            },
                            state with
                            {
                                ToRecipient = state.ToRecipient + 1,
                            },
                        }
                    )
                    {
                        if (limits.Refusal(state, Noon) is not null)
                        {
                            limits.Refusal(more, Noon).ShouldNotBeNull();
                        }
                    }
                },
                // The cap is exactly reached by the mails before in about one of a hundred states.
                iter: 10_000
            );

    [Theory]
    [InlineData(2, 0, 0, 0, MoveReason.Cap, AlsoRefused.All)]
    [InlineData(1, 1, 9, 9, MoveReason.RecipientCap, AlsoRefused.None)]
    [InlineData(1, 0, 1, 0, MoveReason.Cap, AlsoRefused.FirstMails)]
    [InlineData(1, 0, 0, 1, MoveReason.Cap, AlsoRefused.Undecided)]
    public void A_refusal_names_the_other_mails_that_it_covers(
        int taken,
        int toRecipient,
        int followUps,
        int earlier,
        MoveReason reason,
        AlsoRefused also
    )
    {
        var limits = new Limits("Etc/UTC", 2, null, null, 1);
        var sent = new SendCount(DateOnly.FromDateTime(Noon.UtcDateTime), taken, null);

        var refusal = limits.Refusal(new(sent, toRecipient, followUps, earlier), Noon);

        (refusal!.Move.Reason, refusal.Also).ShouldBe((reason, also));
    }

    [Fact]
    public void A_gap_is_kept_after_the_last_mail_and_each_preceding_one()
    {
        var limits = new Limits("Etc/UTC", null, TimeSpan.FromMinutes(1), null, null);
        var sent = new SendCount(default, 0, Noon - TimeSpan.FromSeconds(20));

        limits.Refusal(new(sent, 0, 1, 2), Noon)!.Move.ShouldBe(new(MoveReason.Gap, Noon.AddSeconds(40 + 180)));
        limits.Refusal(new(sent with { LastAt = null }, 0, 0, 0), Noon).ShouldBeNull();
    }

    [Fact]
    public void Counting_a_mail_adds_it_to_its_day_and_drops_earlier_days()
    {
        var today = DateOnly.FromDateTime(Noon.UtcDateTime);

        new SendCount(today, 3, null).Plus(today, Noon).ShouldBe(new(today, 4, Noon));
        new SendCount(today.AddDays(-1), 3, null).Plus(today, Noon).ShouldBe(new(today, 1, Noon));
        new SendCount(today.AddDays(1), 3, null).Plus(today, Noon).ShouldBe(new(today.AddDays(1), 4, Noon));
    }

    [Theory]
    [InlineData(null, 9, false)]
    [InlineData(3, 2, false)]
    [InlineData(3, 3, true)]
    [InlineData(0, 0, true)]
    public void A_ceiling_refuses_until_the_next_day_in_UTC(int? perDay, int taken, bool refuses) =>
        SendQuota
            .AtCeiling(perDay, taken, Noon)
            .ShouldBe(refuses ? new Move(MoveReason.Ceiling, new(2026, 3, 29, 0, 0, 0, TimeSpan.Zero)) : null);
}

using CsCheck;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Domain;

/// <summary>Properties of all retry policies, and of sequences after any changes.</summary>
public sealed class PolicyProperties
{
    private static readonly Gen<RetryPolicy> AnyPolicy = Gen.Select(
        Gen.Int[0, 10],
        Gen.Double[0.001, 3600],
        Gen.Double[0, 1],
        (most, seconds, jitter) => new RetryPolicy(most, TimeSpan.FromSeconds(seconds), jitter)
    );

    [Fact]
    public void A_delay_is_between_the_doubled_base_and_that_plus_full_jitter() =>
        Gen.Select(AnyPolicy, Gen.Int[1, 100], Gen.Double[0, 1])
            .Sample(
                (policy, retry, chance) =>
                {
                    var year = TimeSpan.FromDays(365).TotalSeconds;
                    var exact = Math.Min(policy.BaseDelay.TotalSeconds * Math.Pow(2, retry - 1), year);

                    var delay = policy.Delay(retry, chance).TotalSeconds;

                    delay.ShouldBeInRange(exact - 1e-6, Math.Min(exact * (1 + policy.Jitter), year) + 1e-6);
                    policy.Delay(retry + 1, chance).ShouldBeGreaterThanOrEqualTo(policy.Delay(retry, chance));
                    policy.Delay(retry, chance).ShouldBeGreaterThanOrEqualTo(policy.Delay(retry, 0));
                },
                iter: Math.Max(3_000, Check.Iter),
                threads: 1
            );

    [Fact]
    public void A_retry_is_due_at_the_later_of_backoff_and_Retry_After() =>
        Gen.Select(AnyPolicy, Gen.Double[0, 1], Gen.Int[0, 7200].Nullable())
            .Sample(
                (policy, chance, seconds) =>
                {
                    TimeSpan? wish = seconds is { } given ? TimeSpan.FromSeconds(given) : null;
                    var instance = An.InstanceOf(An.Mail).Claimed();

                    instance.Apply(An.Failed(retryAfter: wish), new([An.Mail]), new OutcomeRules(policy, chance, TimeSpan.Zero), An.Noon);

                    var delay = policy.Delay(1, chance);
                    if (policy.MaxRetries == 0)
                    {
                        instance.Status.ShouldBe(InstanceStatus.Failed);
                    }
                    else
                    {
                        instance.Job!.DueAt.ShouldBe(An.Noon + (wish > delay ? wish.Value : delay));
                    }
                },
                iter: Math.Max(3_000, Check.Iter),
                threads: 1
            );

    [Fact]
    public void A_sequence_keeps_its_versions_unchanged_and_every_change_increments_its_revision() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Bool)
            .Array[0, 20]
            .Sample(
                changes =>
                {
                    var sequence = An.SequenceOf(An.Mail);
                    List<Step[]> published =
                    [
                        [.. sequence.Current.Steps],
                    ];
                    foreach (var (what, value, flag) in changes)
                    {
                        var (revision, before) = (sequence.Revision, State(sequence));
                        Step[] steps = [.. Enumerable.Range(0, value + 1).Select(_ => flag ? (Step)An.Mail : An.Days(1))];
                        switch (what)
                        {
                            case 0:
                                sequence.Describe($"Name {value}", flag ? "A description" : null, An.Noon);
                                break;
                            case 1:
                                sequence.Enable(flag, An.Noon);
                                break;
                            case 2:
                                sequence.ChangeSteps([], An.Noon).IsSuccess.ShouldBeFalse();
                                break;
                            default:
                                sequence.ChangeSteps(steps, An.Noon);
                                break;
                        }

                        // A published step has an id that what was asked for may lack.
                        if (sequence.Versions.Count > published.Count)
                        {
                            sequence.Current.Steps.Select(s => s with { Id = "" }).ShouldBe(steps.Select(s => s with { Id = "" }));
                            published.Add([.. sequence.Current.Steps]);
                        }

                        (sequence.Revision > revision).ShouldBe(State(sequence) != before);
                        sequence.Versions.Select(v => v.Number).ShouldBe(Enumerable.Range(1, published.Count));
                        sequence.Versions.Select(v => v.Steps).ShouldBe(published, ignoreOrder: false);
                    }
                },
                iter: Math.Max(1_000, Check.Iter),
                threads: 1
            );

    private static (string, string?, bool, int) State(Sequence sequence) =>
        (sequence.Name, sequence.Description, sequence.Enabled, sequence.CurrentVersion);
}

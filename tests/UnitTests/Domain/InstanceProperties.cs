using CsCheck;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Domain;

/// <summary>
/// Invariants for any order of commands and outcomes. A failure prints the shortest sequence of actions that CsCheck could shrink it to, and a
/// seed: <c>CsCheck_Seed=… ./test --filter InstanceProperties</c> replays it, <c>CsCheck_Iter=1000000</c> runs more samples.
/// </summary>
public sealed class InstanceProperties
{
    private static readonly long Samples = Math.Max(3_000, Check.Iter);

    private static readonly Gen<Step[]> AnySteps = Gen.OneOf<Step>(An.Mail, An.Text, An.Days(0), An.Days(1), An.Days(10)).Array[1, 5];

    private static readonly Gen<Move[]> AnyMoves = Gen.Select(
        Gen.Enum<ActionKind>(),
        Gen.Int[0, 48],
        (action, hours) => new Move(action, hours)
    ).Array[0, 40];

    /// <summary>All actions on an instance: commands, claims, and outcomes of the claimed step.</summary>
    public enum ActionKind
    {
        Claim,
        Sent,
        TryFailed,
        Postponed,
        Rejected,
        Bounced,
        Doubtful,
        Skipped,
        WorkerLost,
        GiveBack,
        SequenceDisabled,
        Suppressed,
        Pause,
        ResumeShift,
        ResumeKeep,
        ResumeRestart,
        Stop,
        Retry,
        Skip,
        ResolveSent,
        ResolveResend,
    }

    [Fact]
    public void Any_order_of_commands_and_outcomes_keeps_the_invariants() =>
        Gen.Select(AnySteps, AnyMoves)
            .Sample(
                (steps, moves) =>
                {
                    var run = new InstanceRun(steps);
                    foreach (var move in moves)
                    {
                        run.Do(move);
                    }
                },
                iter: Samples,
                threads: 1,
                print: run => $"{string.Join(", ", run.Item1.Select(s => s.Type))}: {string.Join("; ", run.Item2.AsEnumerable())}"
            );

    [Fact]
    public void A_failing_property_shrinks_to_a_short_sequence_and_its_seed_replays_it()
    {
        void AssertNoStop(string? seed) =>
            AnyMoves.Sample(
                moves => moves.All(move => move.Action != ActionKind.Stop),
                seed: seed,
                iter: Samples,
                threads: 1,
                print: moves => string.Join("; ", moves.AsEnumerable())
            );

        var message = Should.Throw<CsCheckException>(() => AssertNoStop(null)).Message;
        var seed = message.Split('"')[1];
        var again = Should.Throw<CsCheckException>(() => AssertNoStop(seed)).Message;

        var run = message.Split('\n').Last(line => line.Contains("Stop after", StringComparison.Ordinal));
        run.Split(';').Length.ShouldBeLessThanOrEqualTo(3, message);
        again.ShouldContain("Stop after");
    }

    [Fact]
    public void Pauses_do_not_change_the_total_duration_of_a_wait() =>
        Gen.Select(Gen.Int[1, 100], Gen.Select(Gen.Int[1, 50], Gen.Int[1, 50]).Array[0, 10])
            .Sample(
                (delay, pauses) =>
                {
                    var step = WaitStep.Of($"PT{delay}H")!;
                    var instance = An.InstanceOf(step);
                    var (now, lived) = (An.Noon, 0);
                    foreach (var (active, paused) in pauses)
                    {
                        if (lived + active >= delay)
                        {
                            break;
                        }

                        lived += active;
                        instance.Pause(now += TimeSpan.FromHours(active));
                        instance.Resume(ResumeTiming.Shift, new([step]), now += TimeSpan.FromHours(paused));
                        instance.Job!.DueAt.ShouldBe(now + TimeSpan.FromHours(delay - lived));
                    }
                },
                iter: Samples,
                threads: 1
            );

    [Fact]
    public void Keep_resumes_at_the_old_instant_or_now_and_restart_waits_the_whole_delay() =>
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 200], Gen.Int[0, 200])
            .Sample(
                (delay, active, paused) =>
                {
                    var step = WaitStep.Of($"PT{delay}H")!;
                    var (keep, restart) = (An.InstanceOf(step), An.InstanceOf(step));
                    var at = An.Noon.AddHours(active);
                    var now = at.AddHours(paused);
                    keep.Pause(at);
                    restart.Pause(at);

                    keep.Resume(ResumeTiming.Keep, new([step]), now);
                    restart.Resume(ResumeTiming.Restart, new([step]), now);

                    keep.Job!.DueAt.ShouldBe(An.Noon.AddHours(Math.Max(delay, active + paused)));
                    restart.Job!.DueAt.ShouldBe(now.AddHours(delay));
                },
                iter: Samples,
                threads: 1
            );

    [Fact]
    public void Retries_are_counted_for_each_step_alone() =>
        Gen.Int[0, 7]
            .Array[1, 5]
            .Sample(
                failures =>
                {
                    Step[] steps = [.. failures.Select(_ => An.Mail)];
                    var instance = An.InstanceOf(steps);
                    var reached = 0;
                    foreach (var count in failures)
                    {
                        for (var i = 0; i < count && instance.Status == InstanceStatus.Active; i++)
                        {
                            instance = instance.Claimed();
                            instance.Apply(An.Failed(), new(steps), An.Rules, An.Noon);
                        }

                        if (instance.Status != InstanceStatus.Active)
                        {
                            break;
                        }

                        instance = instance.Claimed();
                        instance.Apply(An.Sent, new(steps), An.Rules, An.Noon);
                        reached++;
                    }

                    var failed = Array.FindIndex(failures, count => count > An.Rules.Retry.MaxRetries);
                    reached.ShouldBe(failed < 0 ? failures.Length : failed);
                    instance.Status.ShouldBe(failed < 0 ? InstanceStatus.Completed : InstanceStatus.Failed);
                    instance.CurrentStep.Value.ShouldBe(reached);
                },
                iter: Samples,
                threads: 1
            );

    private sealed record Move(ActionKind Action, int Hours)
    {
        public override string ToString() => $"{Action} after {Hours} h";
    }

    /// <summary>An instance with a minimal store and worker.</summary>
    private sealed class InstanceRun
    {
        private readonly Step[] _steps;
        private readonly List<FollowUpEvent> _timeline = [];
        private Instance _instance;
        private DateTimeOffset _now = An.Noon;

        public InstanceRun(Step[] steps)
        {
            _steps = steps;
            _instance = Instance.Enroll(An.SequenceOf(steps), An.Anna, "{}", null, null, _now).Value;
            CheckInvariants(before: null);
        }

        public void Do(Move move)
        {
            _now += TimeSpan.FromHours(move.Hours);
            var before = (_instance.Revision, _instance.Status, _instance.CurrentStep.Value, _instance.EventCount, _instance.Attempts);
            if (_instance.Job?.State == JobState.Leased)
            {
                Worker(move.Action);
            }
            else if (move.Action == ActionKind.Claim && _instance.Job?.State == JobState.Ready && _instance.Job.DueAt <= _now)
            {
                Claim(An.Fine);
            }

            Command(move.Action);
            CheckInvariants(before);
        }

        private void Claim(StepConditions conditions)
        {
            _instance = _instance.Claimed();
            if (_instance.Begin(conditions, new(_steps), _now) == StepDecision.NoSend)
            {
                _instance.Job?.State.ShouldNotBe(JobState.Leased);
            }
        }

        private void Worker(ActionKind action)
        {
            StepOutcome? outcome = action switch
            {
                ActionKind.Sent => _instance.Job!.StepType == StepType.Wait ? new StepOutcome.WaitOver() : An.Sent,
                ActionKind.TryFailed => An.Failed(),
                ActionKind.Postponed => An.Failed(postponed: true),
                ActionKind.Rejected => new StepOutcome.Rejected("400", null),
                ActionKind.Bounced => new StepOutcome.Rejected("550", StopReason.Bounced),
                ActionKind.Doubtful => new StepOutcome.Doubtful("timeout"),
                ActionKind.Skipped => new StepOutcome.Skipped(SkipReason.NoSmsProvider),
                ActionKind.WorkerLost => new StepOutcome.WorkerLost(),
                _ => null,
            };
            if (outcome is not null)
            {
                _instance.Apply(outcome, new(_steps), An.Rules, _now);
            }
            else if (action is ActionKind.GiveBack or ActionKind.SequenceDisabled or ActionKind.Suppressed)
            {
                // Released and claimed again, so that the claim sees the changes.
                Claim(
                    action switch
                    {
                        ActionKind.SequenceDisabled => An.Fine with { SequenceEnabled = false },
                        ActionKind.Suppressed => An.Fine with { Suppressed = StopReason.Unsubscribed },
                        _ => An.Fine,
                    }
                );
            }
        }

        private void Command(ActionKind action)
        {
            _ = action switch
            {
                ActionKind.Pause => _instance.Pause(_now),
                ActionKind.ResumeShift => _instance.Resume(ResumeTiming.Shift, new(_steps), _now),
                ActionKind.ResumeKeep => _instance.Resume(ResumeTiming.Keep, new(_steps), _now),
                ActionKind.ResumeRestart => _instance.Resume(ResumeTiming.Restart, new(_steps), _now),
                ActionKind.Stop => _instance.Stop(StopReason.Manual, _now),
                ActionKind.Retry => _instance.Retry(new(_steps), _now),
                ActionKind.Skip => _instance.Skip(new(_steps), _now),
                ActionKind.ResolveSent => _instance.Resolve(Resolution.Sent, ResolvedBy.Person, new(_steps), _now),
                ActionKind.ResolveResend => _instance.Resolve(Resolution.Resend, ResolvedBy.Person, new(_steps), _now),
                _ => null,
            };
        }

        private void CheckInvariants((int Revision, InstanceStatus Status, int Step, int Events, int Attempts)? before)
        {
            _timeline.AddRange(_instance.TakeEvents().Cast<FollowUpEvent>());
            var job = _instance.Job;
            switch (_instance.Status)
            {
                case InstanceStatus.Active or InstanceStatus.Paused:
                    job.ShouldNotBeNull();
                    job.StepIndex.ShouldBe(_instance.CurrentStep);
                    job.StepType.ShouldBe(_steps[_instance.CurrentStep.Value].Type);
                    break;
                case InstanceStatus.Stopped:
                    // A step that is being sent is completed and recorded; no other job may be left.
                    (job?.State is null or JobState.Leased).ShouldBeTrue();
                    break;
                default:
                    job.ShouldBeNull();
                    break;
            }

            (_instance.Status == InstanceStatus.Paused && job!.State == JobState.Ready).ShouldBeFalse();
            (job?.State == JobState.InDoubt).ShouldBe(_instance.Attention == Attention.InDoubt);
            (_instance.Status == InstanceStatus.Failed).ShouldBe(_instance.Attention == Attention.Failed);
            (_instance.Status == InstanceStatus.Stopped).ShouldBe(_instance.StopReason is not null);
            (_instance.Status == InstanceStatus.Completed).ShouldBe(
                _instance.CurrentStep.Value == _steps.Length && _instance.Status != InstanceStatus.Stopped
            );
            _timeline.Count.ShouldBe(_instance.EventCount);
            if (before?.Events != _instance.EventCount)
            {
                FollowUpEvent.IsWhole(_timeline).ShouldBeTrue();
                _timeline.Zip(_timeline.Skip(1)).All(pair => pair.First.SentAt <= pair.Second.SentAt).ShouldBeTrue();
            }

            // Each step once and in order.
            _timeline
                .Where(e => e.Status == EventStatus.Sent || e.Status == EventStatus.Skipped || e.Status == EventStatus.Completed)
                .Select(e => e.StepIndex!.Value)
                .SequenceEqual(Enumerable.Range(0, _instance.CurrentStep.Value))
                .ShouldBeTrue();
            if (before is { } was)
            {
                _instance.CurrentStep.Value.ShouldBeInRange(was.Step, was.Step + 1);
                if (_instance.CurrentStep.Value > was.Step)
                {
                    _instance.Attempts.ShouldBe(0);
                }

                if ((_instance.Status, _instance.CurrentStep.Value, _instance.EventCount) != (was.Status, was.Step, was.Events))
                {
                    _instance.Revision.ShouldBeGreaterThan(was.Revision);
                }
            }
        }
    }
}

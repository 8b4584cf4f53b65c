using CsCheck;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Domain;

/// <summary>
/// What holds whatever people and the engine do, in whatever order. A failure names the shortest life that CsCheck could shrink it to, and a
/// seed: <c>CsCheck_Seed=… ./test --filter InstanceProperties</c> plays it again, <c>CsCheck_Iter=1000000</c> tries more lives.
/// </summary>
public sealed class InstanceProperties
{
    private static readonly long Lives = Math.Max(3_000, Check.Iter);

    private static readonly Gen<Step[]> AnySteps = Gen.OneOf<Step>(An.Mail, An.Text, An.Days(0), An.Days(1), An.Days(10)).Array[1, 5];

    private static readonly Gen<Move[]> AnyMoves = Gen.Select(
        Gen.Enum<Deed>(),
        Gen.Int[0, 48],
        (deed, hours) => new Move(deed, hours)
    ).Array[0, 40];

    /// <summary>Everything that can be done to an instance: by people, by a claim, and by what became of the claimed step.</summary>
    public enum Deed
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
                    var life = new Life(steps);
                    foreach (var move in moves)
                    {
                        life.Do(move);
                    }
                },
                iter: Lives,
                threads: 1,
                print: life => $"{string.Join(", ", life.Item1.Select(s => s.Type))}: {string.Join("; ", life.Item2.AsEnumerable())}"
            );

    [Fact]
    public void A_failing_property_shrinks_to_a_readable_life_and_its_seed_replays_it()
    {
        void NobodyStops(string? seed) =>
            AnyMoves.Sample(
                moves => moves.All(move => move.Deed != Deed.Stop),
                seed: seed,
                iter: Lives,
                threads: 1,
                print: moves => string.Join("; ", moves.AsEnumerable())
            );

        var message = Should.Throw<CsCheckException>(() => NobodyStops(null)).Message;
        var seed = message.Split('"')[1];
        var again = Should.Throw<CsCheckException>(() => NobodyStops(seed)).Message;

        var life = message.Split('\n').Last(line => line.Contains("Stop after", StringComparison.Ordinal));
        life.Split(';').Length.ShouldBeLessThanOrEqualTo(3, message);
        again.ShouldContain("Stop after");
    }

    [Fact]
    public void However_often_a_wait_is_paused_and_resumed_it_lasts_as_long_as_it_was_to_last() =>
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
                iter: Lives,
                threads: 1
            );

    [Fact]
    public void Keep_means_the_old_instant_or_now_and_restart_means_the_whole_delay() =>
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
                iter: Lives,
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
                iter: Lives,
                threads: 1
            );

    private sealed record Move(Deed Deed, int Hours)
    {
        public override string ToString() => $"{Deed} after {Hours} h";
    }

    /// <summary>One instance with its store and its worker, as small as they can be.</summary>
    private sealed class Life
    {
        private readonly Step[] _steps;
        private readonly List<FollowUpEvent> _timeline = [];
        private Instance _instance;
        private DateTimeOffset _now = An.Noon;

        public Life(Step[] steps)
        {
            _steps = steps;
            _instance = Instance.Enroll(An.SequenceOf(steps), An.Anna, "{}", null, null, _now).Value;
            Look(before: null);
        }

        public void Do(Move move)
        {
            _now += TimeSpan.FromHours(move.Hours);
            var before = (_instance.Revision, _instance.Status, _instance.CurrentStep.Value, _instance.EventCount, _instance.Attempts);
            if (_instance.Job?.State == JobState.Leased)
            {
                Worker(move.Deed);
            }
            else if (move.Deed == Deed.Claim && _instance.Job?.State == JobState.Ready && _instance.Job.DueAt <= _now)
            {
                Claim(An.Fine);
            }

            People(move.Deed);
            Look(before);
        }

        private void Claim(StepConditions conditions)
        {
            _instance = _instance.Claimed();
            if (_instance.Begin(conditions, new(_steps), _now) == StepDecision.NoSend)
            {
                _instance.Job?.State.ShouldNotBe(JobState.Leased);
            }
        }

        private void Worker(Deed deed)
        {
            StepOutcome? outcome = deed switch
            {
                Deed.Sent => _instance.Job!.StepType == StepType.Wait ? new StepOutcome.WaitOver() : An.Sent,
                Deed.TryFailed => An.Failed(),
                Deed.Postponed => An.Failed(postponed: true),
                Deed.Rejected => new StepOutcome.Rejected("400", null),
                Deed.Bounced => new StepOutcome.Rejected("550", StopReason.Bounced),
                Deed.Doubtful => new StepOutcome.Doubtful("timeout"),
                Deed.Skipped => new StepOutcome.Skipped(SkipReason.NoSmsProvider),
                Deed.WorkerLost => new StepOutcome.WorkerLost(),
                _ => null,
            };
            if (outcome is not null)
            {
                _instance.Apply(outcome, new(_steps), An.Rules, _now);
            }
            else if (deed is Deed.GiveBack or Deed.SequenceDisabled or Deed.Suppressed)
            {
                // Given back and claimed anew, so that what happened meanwhile is seen.
                Claim(
                    deed switch
                    {
                        Deed.SequenceDisabled => An.Fine with { SequenceEnabled = false },
                        Deed.Suppressed => An.Fine with { Suppressed = StopReason.Unsubscribed },
                        _ => An.Fine,
                    }
                );
            }
        }

        private void People(Deed deed)
        {
            _ = deed switch
            {
                Deed.Pause => _instance.Pause(_now),
                Deed.ResumeShift => _instance.Resume(ResumeTiming.Shift, new(_steps), _now),
                Deed.ResumeKeep => _instance.Resume(ResumeTiming.Keep, new(_steps), _now),
                Deed.ResumeRestart => _instance.Resume(ResumeTiming.Restart, new(_steps), _now),
                Deed.Stop => _instance.Stop(StopReason.Manual, _now),
                Deed.Retry => _instance.Retry(new(_steps), _now),
                Deed.Skip => _instance.Skip(new(_steps), _now),
                Deed.ResolveSent => _instance.Resolve(Resolution.Sent, ResolvedBy.Person, new(_steps), _now),
                Deed.ResolveResend => _instance.Resolve(Resolution.Resend, ResolvedBy.Person, new(_steps), _now),
                _ => null,
            };
        }

        private void Look((int Revision, InstanceStatus Status, int Step, int Events, int Attempts)? before)
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
                    // A step that is being sent is finished and recorded; nothing else may be left.
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

            // Each step once, in order: none again after it was sent, none left out.
            _timeline
                .Where(e => e.Status is EventStatus.Sent or EventStatus.Skipped or EventStatus.Completed)
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

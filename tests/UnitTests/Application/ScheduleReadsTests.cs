using FollowUp.Application;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Operations;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.UnitTests.Support;
using NSubstitute;

namespace FollowUp.UnitTests.Application;

/// <summary>A mass change reads the schedules of the instances whose steps it places, and of no others.</summary>
public sealed class ScheduleReadsTests
{
    private static readonly Step[] Steps = [An.Days(3) with { Id = "w" }, An.Mail with { Id = "m" }];

    private readonly CountedReads _reads = new();
    private readonly IDatabaseClock _clock = Substitute.For<IDatabaseClock>();

    public ScheduleReadsTests() => _clock.Now(default).ReturnsForAnyArgs(An.Noon);

    [Theory]
    [InlineData(InstanceActionKind.Pause, 0)]
    [InlineData(InstanceActionKind.Stop, 0)]
    [InlineData(InstanceActionKind.Resume, 1)]
    public async Task An_action_reads_a_schedule_only_if_it_places_steps(InstanceActionKind kind, int reads)
    {
        var instance = An.InstanceOf(Steps);
        if (kind == InstanceActionKind.Resume)
        {
            instance.Pause(An.Noon);
        }

        var done = await Run(new InstanceAction(kind), instance);

        done.ShouldBe(1);
        _reads.Schedules.ShouldBe(reads);
    }

    [Fact]
    public async Task A_migration_reads_no_schedule_for_an_instance_that_stays()
    {
        var ended = An.InstanceOf(Steps);
        ended.Stop(default, An.Noon);

        await Migrate(ended);

        _reads.Schedules.ShouldBe(0);
    }

    [Fact]
    public async Task A_migration_reads_the_schedule_of_an_instance_that_moves_but_not_its_steps()
    {
        var instance = An.InstanceOf(Steps);

        await Migrate(instance);

        instance.Version.ShouldBe(2);
        (_reads.Schedules, _reads.Steps).ShouldBe((1, 0));
    }

    private async Task<int> Run(InstanceAction action, Instance instance)
    {
        var batches = Substitute.For<IInstanceBatches>();
        batches.Lock(default, default!, default).ReturnsForAnyArgs(([instance], []));
        batches.WithRivals(default!, default).ReturnsForAnyArgs(new HashSet<Guid>());
        var operation = Operation.Begin(
            An.Owner,
            OperationKind.InstanceAction,
            null,
            StoredInstanceAction.Write(action, new InstanceFilter()),
            Actor.Engine,
            An.Noon
        );
        operation.LookAt([instance.Id.Value]);
        var runner = new InstanceActionRunner(
            batches,
            Substitute.For<ISuppressions>(),
            new Timetables(_reads, _reads),
            new BacklogOptions(),
            _clock
        );
        return (await runner.Run(operation, 10, null, CancellationToken.None)).Done;
    }

    private async Task Migrate(Instance instance)
    {
        var sequence = An.SequenceOf(Steps);
        sequence.ChangeSteps([.. Steps, An.Text with { Id = "more" }], An.Noon);
        var migration = SequenceMigration.Begin(sequence, MigrationPolicy.Map, new Dictionary<string, string?>(), 1, An.Noon);
        var batch = new MigrationBatch(
            migration,
            sequence.Current,
            [instance.Id],
            [instance],
            new Dictionary<int, IReadOnlyList<Step>> { [1] = Steps },
            Array.Empty<(InstanceId, (int, int))>().ToLookup(had => had.Item1, had => had.Item2),
            instance.Id,
            Walked: true
        );
        var batches = Substitute.For<IMigrationBatches>();
        batches.Lock(default, default, default, default).ReturnsForAnyArgs(batch);
        var handler = new MigrateBatchHandler(batches, new Timetables(_reads, _reads), new BacklogOptions(), _clock);
        await handler.Handle(new MigrateBatch(migration.Id, 10), CancellationToken.None);
    }

    /// <summary>A sequence without a schedule that counts how often its schedule and its steps are read.</summary>
    private sealed class CountedReads : ISequenceVersions, ISendingPlans
    {
        public int Schedules { get; private set; }

        public int Steps { get; private set; }

        ValueTask<IReadOnlyList<Step>> ISequenceVersions.Steps(SequenceVersionId id, CancellationToken cancellationToken)
        {
            Steps++;
            return new(ScheduleReadsTests.Steps);
        }

        public ValueTask<SendingPlan?> For(Schedule? schedule, string? recipientZone, CancellationToken cancellationToken) => Read();

        public ValueTask<SendingPlan?> For(SequenceId sequence, string? recipientZone, CancellationToken cancellationToken) => Read();

        public ValueTask<SendingPlan?> ForStep(SequenceId sequence, string? recipientZone, CancellationToken cancellationToken) => Read();

        private ValueTask<SendingPlan?> Read()
        {
            Schedules++;
            return new((SendingPlan?)null);
        }
    }
}

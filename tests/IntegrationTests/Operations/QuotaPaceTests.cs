using FollowUp.Application.Operations;
using FollowUp.Application.Quotas;
using FollowUp.Infrastructure.Operations;
using FollowUp.Infrastructure.Persistence;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;
using DatabaseClock = FollowUp.IntegrationTests.Support.DatabaseClock;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>The work that a change of limits causes when its mails are claimed.</summary>
public sealed class QuotaPaceTests(TestDatabase database) : EngineTest(database)
{
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Only the test moves the clock, so batches take no time and the pause consists of the steps alone: three of 0.4 ms are a tenth of it.</summary>
    [Theory]
    [InlineData(true, false, 10.8)]
    [InlineData(true, true, 10.8)]
    [InlineData(false, false, 0)]
    public async Task The_pause_after_a_batch_of_new_limits_counts_the_steps_that_it_made_due(bool isBusy, bool fails, double pause)
    {
        var clock = await new DatabaseClock(Database, Start).Install();
        var node = await Idle(clock.Time, clock.Setting);
        node.Services.GetRequiredService<DatabaseReadiness>().Announce(wasEmpty: false);
        var sequence = await node.Sequence(Steps.WaitDays(1), Steps.Email("mail"));
        await node.EnrollMany(sequence, 120);
        await Database.Execute(
            """
            UPDATE step_job SET wanted_at = due_at, waiting_for = jsonb_build_array(jsonb_build_object('reason', 'cap', 'to', due_at))
            WHERE id IN (SELECT id FROM step_job ORDER BY id LIMIT 3)
            """
        );
        await node.Do(new SetLimits(MailsPerDay: 1));
        IEnumerable<IBatchWork> works = node.Services.GetServices<IBatchWork>();
        var job = ActivatorUtilities.CreateInstance<OperationJob>(
            node.Services,
            new Load(isBusy),
            fails ? works.Select(work => new FailsOnce(work)) : works
        );

        await job.Execute(null!, CancellationToken.None);

        (await node.LastOperation()).State.ShouldBe("completed");
        (await Database.Read<DateTime>("SELECT free_at FROM operation_pace")).ShouldBe(
            (Start + TimeSpan.FromMilliseconds(pause)).UtcDateTime
        );
    }

    private sealed record Load(bool IsBusy) : IEngineLoad;

    /// <summary>Fails as a batch of one row does, and succeeds when the row is to be skipped.</summary>
    private sealed class FailsOnce(IBatchWork work) : IBatchWork
    {
        public bool IsOfMigrations => work.IsOfMigrations;

        public Task<BatchOutcome> Run(Guid id, int? most, string? passOver, CancellationToken cancellationToken) =>
            passOver is null ? throw new InvalidOperationException("This row fails.") : work.Run(id, null, null, cancellationToken);

        public Task<OperationProgress> NoteFailure(Guid id, string error, CancellationToken cancellationToken) =>
            work.NoteFailure(id, error, cancellationToken);

        public Task<(int Rows, bool PassesOver)> Size(Guid id, CancellationToken cancellationToken) => Task.FromResult((1, true));
    }
}

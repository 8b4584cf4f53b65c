using Microsoft.EntityFrameworkCore.Storage;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>One unit of work: aggregates, their events and jobs in one transaction, followed by a wake-up for the workers.</summary>
internal sealed class EfTransactions(
    FollowUpDbContext db,
    NpgsqlDataSource dataSource,
    CommitOutcomeResolver lostCommits,
    IServiceProvider services,
    WakeUp wakeUp,
    TimeProvider time
) : ITransactions
{
    private const int MostTries = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    public async Task<T> Run<T>(Func<Task<T>> work, Func<T, bool> succeeded, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        for (var run = 1; ; run++)
        {
            try
            {
                return await RunOnce(work, succeeded, cancellationToken);
            }
            catch (Exception failure) when (MayRunAgain(failure, run, time.GetElapsedTime(begun)))
            {
                db.ChangeTracker.Clear();
                PostgresFailures.ForgetConnections(failure, dataSource);
                var pause =
                    TimeSpan.FromMilliseconds(20 * run * run) < LongestPause ? TimeSpan.FromMilliseconds(20 * run * run) : LongestPause;
                await Task.Delay(pause * Random.Shared.NextDouble(), time, cancellationToken);
            }
        }
    }

    private async Task<T> RunOnce<T>(Func<Task<T>> work, Func<T, bool> succeeded, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var session = ((NpgsqlConnection)db.Database.GetDbConnection()).ProcessID;
        var answer = await work();
        if (!succeeded(answer))
        {
            await transaction.RollbackAsync(cancellationToken);
            db.ChangeTracker.Clear();
            return answer;
        }

        var wake = await Save(cancellationToken);
        await Commit(transaction, session, cancellationToken);
        if (wake)
        {
            wakeUp.All();
        }

        return answer;
    }

    /// <summary>Saves the changes with the events that they raised; returns whether a job may be due now.</summary>
    private async Task<bool> Save(CancellationToken cancellationToken)
    {
        var happened = db.ChangeTracker.Entries<AggregateRoot>().ToList().SelectMany(entry => entry.Entity.TakeEvents()).ToList();
        db.Events.AddRange(happened.OfType<FollowUpEvent>());
        var wake = db
            .ChangeTracker.Entries<StepJob>()
            .Any(entry => entry.State is EntityState.Added or EntityState.Modified && entry.Entity.State == JobState.Ready);
        await db.SaveChangesAsync(cancellationToken);
        return await Dispatch(happened, cancellationToken) || wake;
    }

    /// <summary>
    /// Passes domain events to their handlers in the same transaction. Handlers run after the cause was saved, so that their SQL sees it; their
    /// changes are saved too. Returns whether any handler ran: jobs may be due now.
    /// </summary>
    private async Task<bool> Dispatch(List<DomainEvent> happened, CancellationToken cancellationToken)
    {
        // Most transactions raise only events of the log, which have no handlers.
        var others = happened.Where(one => one is not FollowUpEvent).ToList();
        if (others.Count == 0)
        {
            return false;
        }

        var handlers = services.GetServices<IDomainEventHandler>().ToList();
        var work = others.SelectMany(one => handlers.Where(handler => handler.Handles(one)).Select(handler => (handler, one))).ToList();
        foreach (var (handler, one) in work)
        {
            await handler.Handle(one, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        return work.Count > 0;
    }

    /// <summary>Commits. If the response is lost, queries the outcome of the transaction, so that work is neither lost nor done twice.</summary>
    private async Task Commit(IDbContextTransaction transaction, int session, CancellationToken cancellationToken)
    {
        var ticket = await CommitOutcomeResolver.Ticket((NpgsqlConnection)db.Database.GetDbConnection(), session, cancellationToken);
        try
        {
            // Not cancellable: if the client disconnects now, the outcome must still be known.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception failure) when (PostgresFailures.MayHaveCommitted(failure))
        {
            switch (await lostCommits.FateOf(ticket))
            {
                case CommitOutcome.Committed:
                    return;
                case CommitOutcome.NotCommitted:
                    throw;
                default:
                    throw new UnknownCommitException(failure);
            }
        }
    }

    /// <summary>
    /// A statement that timed out is not repeated; conflicts with concurrent transactions are retried a few times; a lost database is retried for as
    /// long as a patient client waits during a failover.
    /// </summary>
    private static bool MayRunAgain(Exception failure, int run, TimeSpan passed) =>
        failure is not UnknownCommitException
        && !PostgresFailures.IsTimeout(failure)
        && (
            PostgresFailures.IsLost(failure)
                ? passed < Patience
                : run < MostTries
                    && (
                        failure is DbUpdateConcurrencyException
                        || PostgresFailures.IsTransient(failure)
                        || PostgresFailures.SqlState(failure) == PostgresErrorCodes.UniqueViolation
                    )
        );
}

namespace FollowUp.Infrastructure.Dispatch;

internal sealed class EfAbandonedSteps(FollowUpDbContext db, ExpiredLeases leases, DispatchOptions options) : IAbandonedSteps
{
    // Reads without locks; Lock checks again. A step in doubt is due here when the provider has sent an event or, where the policy allows it, when
    // its grace period is over and its step has retries left.
    public async Task<IReadOnlyList<InstanceId>> Find(bool settleOverdueDoubts, int most, CancellationToken cancellationToken)
    {
        var expired = await leases.Find(most, cancellationToken);
        var doubts = await db
            .Database.SqlQuery<Guid>(
                $"""
                SELECT j.instance_id AS "Value" FROM step_job j
                WHERE j.doubtful
                  AND (({settleOverdueDoubts} AND j.due_at <= now()
                        AND (SELECT i.attempts - i.deferrals FROM instance i WHERE i.id = j.instance_id) <= {options.Retry.MaxRetries})
                       OR EXISTS (SELECT 1 FROM attempt a JOIN provider_event p ON p.attempt_id = a.id
                                  WHERE a.instance_id = j.instance_id AND a.step_job_id = j.id AND a.number = j.attempt))
                ORDER BY j.due_at LIMIT {most}
                """
            )
            .ToListAsync(cancellationToken);
        return [.. expired.Concat(doubts).Take(most).Select(id => new InstanceId(id))];
    }

    // SKIP LOCKED: waiting for an instance that another transaction holds would delay the recovery of all others. The next sweep looks at it again.
    public async Task<AbandonedStep?> Lock(InstanceId id, CancellationToken cancellationToken)
    {
        var locked = await db
            .Database.SqlQuery<Guid>($"""SELECT id AS "Value" FROM instance WHERE id = {id.Value} FOR NO KEY UPDATE SKIP LOCKED""")
            .ToListAsync(cancellationToken);
        if (
            locked.Count == 0
            || await db.Instances.SingleOrDefaultAsync(i => i.Id == id, cancellationToken) is not { } instance
            || (await instance.WithJob(db, cancellationToken)).Job is not { } job
        )
        {
            return null;
        }

        var now = await db.Database.SqlQuery<DateTimeOffset>($"""SELECT clock_timestamp() AS "Value" """).SingleAsync(cancellationToken);
        var attempt = await db.Attempts.SingleOrDefaultAsync(
            a => a.InstanceId == id && a.StepJobId == job.Id && a.Number == job.Attempt,
            cancellationToken
        );
        if (job.State == JobState.Leased && job.LeaseUntil < now)
        {
            return new AbandonedStep(instance, attempt is { Status: AttemptStatus.Sending } ? attempt : null, false);
        }

        var attemptId = attempt?.Id.Value;
        return job.State == JobState.InDoubt
            ? new AbandonedStep(
                instance,
                null,
                await db
                    .Database.SqlQuery<bool>($"""SELECT EXISTS (SELECT 1 FROM provider_event WHERE attempt_id = {attemptId}) AS "Value" """)
                    .SingleAsync(cancellationToken)
            )
            : null;
    }
}

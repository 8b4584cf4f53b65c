namespace FollowUp.Infrastructure.Instances;

internal sealed class EfInstanceReads(FollowUpDbContext db, ICaller caller) : IInstanceReads
{
    private readonly OwnerId _owner = caller.OwnerId;

    // The condition is written exactly like that of the index ix_follow_up_event_variant.
    public IQueryable<FollowUpEvent> SentVariant(string variant) =>
        db
            .Events.FromSql(
                $"""
                SELECT * FROM follow_up_event
                WHERE owner_id = {_owner.Value} AND status = 'sent' AND strpos(content::text, '"variant"') > 0 AND content ->> 'variant' = {variant}
                """
            )
            .AsNoTracking();

    // Both conditions are those of the index ix_step_job_turn, which a row comparison can use as its start.
    public IQueryable<StepJob> Scheduled(JobPosition? after) =>
        (
            after is null
                ? db.Jobs.FromSql($"SELECT * FROM step_job WHERE owner_id = {_owner.Value} AND claimable")
                : db.Jobs.FromSql(
                    $"""
                    SELECT * FROM step_job
                    WHERE claimable
                      AND (owner_id, due_at, is_first, in_line_since, id)
                          > ({_owner.Value}, {after.DueAt}, {after.IsFirst}, {after.InLineSince}, {after.JobId})
                      AND owner_id = {_owner.Value}
                    """
                )
        ).AsNoTracking();
}

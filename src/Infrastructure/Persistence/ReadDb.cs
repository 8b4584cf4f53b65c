using FollowUp.Application;
using FollowUp.Application.Accounts;
using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Operations;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Suppressions;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// The one place where reads are narrowed to the caller's rows, and to those of sequences that were not deleted: the rows of a deleted sequence
/// are still there until its operation has come to them. Few sequences are in that state, so a partial index answers for each row.
/// </summary>
internal sealed class ReadDb(FollowUpDbContext db, ICaller caller) : IReadDb
{
    private readonly OwnerId _owner = caller.OwnerId;

    public IQueryable<Sequence> Sequences => db.Sequences.AsNoTracking().Where(s => s.OwnerId == _owner && s.DeletedAt == null);

    public IQueryable<Operation> Operations => db.Operations.AsNoTracking().Where(o => o.OwnerId == _owner);

    public IQueryable<SequenceVersion> Versions =>
        db.Set<SequenceVersion>().AsNoTracking().Where(v => v.OwnerId == _owner && !Deleted.Any(s => s.Id == v.SequenceId));

    public IQueryable<SequenceMigration> Migrations =>
        db.Migrations.AsNoTracking().Where(m => m.OwnerId == _owner && !Deleted.Any(s => s.Id == m.SequenceId));

    public IQueryable<Instance> Instances =>
        db.Instances.AsNoTracking().Where(i => i.OwnerId == _owner && !Deleted.Any(s => s.Id == i.SequenceId));

    // In the words of the index ix_follow_up_event_variant.
    public IQueryable<FollowUpEvent> SentVariant(string variant) =>
        db
            .Events.FromSql(
                $"""
                SELECT * FROM follow_up_event
                WHERE owner_id = {_owner.Value} AND status = 'sent' AND strpos(content::text, '"variant"') > 0 AND content ->> 'variant' = {variant}
                """
            )
            .AsNoTracking();

    // Both conditions are those of the index ix_step_job_turn, which a comparison of rows can begin at.
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

    public IQueryable<FollowUpEvent> Events =>
        db.Events.AsNoTracking().Where(e => e.OwnerId == _owner && !Deleted.Any(s => s.Id == e.SequenceId));

    public IQueryable<Message> Messages => db.Messages.AsNoTracking().Where(m => m.OwnerId == _owner);

    public IQueryable<Attempt> Attempts => db.Attempts.AsNoTracking().Where(a => EF.Property<OwnerId>(a, "OwnerId") == _owner);

    public IQueryable<StepStat> Stats =>
        db.Set<StepStat>().AsNoTracking().Where(s => s.OwnerId == _owner && !Deleted.Any(d => d.Id == s.SequenceId));

    public IQueryable<InstanceCount> InstanceCounts =>
        db.Set<InstanceCount>().Where(c => db.Sequences.Any(s => s.Id == c.SequenceId && s.OwnerId == _owner && s.DeletedAt == null));

    public IQueryable<ApiKey> ApiKeys => db.ApiKeys.AsNoTracking().Where(k => k.OwnerId == _owner);

    public IQueryable<Calendar> Calendars => db.Calendars.AsNoTracking().Where(c => c.OwnerId == _owner);

    public IQueryable<Suppression> Suppressions => db.Suppressions.AsNoTracking().Where(s => s.OwnerId == _owner);

    public IQueryable<AppUser> Users => db.Users.AsNoTracking().Where(u => u.Id == _owner);

    private IQueryable<Sequence> Deleted => db.Sequences.Where(s => s.DeletedAt != null);
}

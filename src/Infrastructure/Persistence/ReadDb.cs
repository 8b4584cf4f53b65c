using FollowUp.Application;
using FollowUp.Application.Accounts;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>The one place where reads are narrowed to the caller's rows.</summary>
internal sealed class ReadDb(FollowUpDbContext db, ICaller caller) : IReadDb
{
    private readonly OwnerId _owner = caller.OwnerId;

    public IQueryable<Sequence> Sequences => db.Sequences.AsNoTracking().Where(s => s.OwnerId == _owner);

    public IQueryable<SequenceVersion> Versions => db.Set<SequenceVersion>().AsNoTracking().Where(v => v.OwnerId == _owner);

    public IQueryable<SequenceMigration> Migrations => db.Migrations.AsNoTracking().Where(m => m.OwnerId == _owner);

    public IQueryable<Instance> Instances => db.Instances.AsNoTracking().Where(i => i.OwnerId == _owner);

    public IQueryable<FollowUpEvent> Events => db.Events.AsNoTracking().Where(e => e.OwnerId == _owner);

    public IQueryable<Message> Messages => db.Messages.AsNoTracking().Where(m => m.OwnerId == _owner);

    public IQueryable<Attempt> Attempts => db.Attempts.AsNoTracking().Where(a => EF.Property<OwnerId>(a, "OwnerId") == _owner);

    public IQueryable<StepStat> Stats => db.Set<StepStat>().AsNoTracking().Where(s => s.OwnerId == _owner);

    public IQueryable<InstanceCount> InstanceCounts =>
        db.Set<InstanceCount>().Where(c => db.Sequences.Any(s => s.Id == c.SequenceId && s.OwnerId == _owner));

    public IQueryable<ApiKey> ApiKeys => db.ApiKeys.AsNoTracking().Where(k => k.OwnerId == _owner);

    public IQueryable<Calendar> Calendars => db.Calendars.AsNoTracking().Where(c => c.OwnerId == _owner);

    public IQueryable<AppUser> Users => db.Users.AsNoTracking().Where(u => u.Id == _owner);
}

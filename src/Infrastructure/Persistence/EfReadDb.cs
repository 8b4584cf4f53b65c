namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// The only place that restricts reads to the caller's rows and to sequences that are not deleted: the rows of a deleted sequence exist until its
/// operation removes them. Few sequences are in that state, so a partial index serves the check for each row.
/// </summary>
internal sealed class EfReadDb(FollowUpDbContext db, ICaller caller) : IReadDb
{
    private readonly OwnerId _owner = caller.OwnerId;

    public IQueryable<T> Of<T>()
        where T : class => (IQueryable<T>)Rows(typeof(T));

    private IQueryable Rows(Type type) =>
        type switch
        {
            _ when type == typeof(Sequence) => db.Sequences.AsNoTracking().Where(s => s.OwnerId == _owner && s.DeletedAt == null),
            _ when type == typeof(Operation) => db.Operations.AsNoTracking().Where(o => o.OwnerId == _owner),
            _ when type == typeof(SequenceVersion) => db.Set<SequenceVersion>()
                .AsNoTracking()
                .Where(v => v.OwnerId == _owner && !Deleted.Any(s => s.Id == v.SequenceId)),
            _ when type == typeof(SequenceMigration) => db
                .Migrations.AsNoTracking()
                .Where(m => m.OwnerId == _owner && !Deleted.Any(s => s.Id == m.SequenceId)),
            _ when type == typeof(Instance) => db
                .Instances.AsNoTracking()
                .Where(i => i.OwnerId == _owner && !Deleted.Any(s => s.Id == i.SequenceId)),
            _ when type == typeof(FollowUpEvent) => db
                .Events.AsNoTracking()
                .Where(e => e.OwnerId == _owner && !Deleted.Any(s => s.Id == e.SequenceId)),
            _ when type == typeof(Message) => db.Messages.AsNoTracking().Where(m => m.OwnerId == _owner),
            _ when type == typeof(Attempt) => db.Attempts.AsNoTracking().Where(a => EF.Property<OwnerId>(a, "OwnerId") == _owner),
            _ when type == typeof(ApiKey) => db.ApiKeys.AsNoTracking().Where(k => k.OwnerId == _owner),
            _ when type == typeof(Calendar) => db.Calendars.AsNoTracking().Where(c => c.OwnerId == _owner),
            _ when type == typeof(Suppression) => db.Suppressions.AsNoTracking().Where(s => s.OwnerId == _owner),
            _ when type == typeof(AppUser) => db.Users.AsNoTracking().Where(u => u.Id == _owner),
            _ => throw new InvalidOperationException($"{type.Name} has no owner, so it cannot be read here."),
        };

    private IQueryable<Sequence> Deleted => db.Sequences.Where(s => s.DeletedAt != null);
}

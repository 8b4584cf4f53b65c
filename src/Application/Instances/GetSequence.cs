namespace FollowUp.Application.Instances;

/// <summary>One of the caller's sequences, with its steps and the first page of its ACTIVE and PAUSED instances.</summary>
public sealed record GetSequence(SequenceId Id) : IQuery<SequenceDetail>;

internal sealed class GetSequenceHandler(IReadDb db, IInstanceCounts counts, IVersionVariables variables)
    : IQueryHandler<GetSequence, SequenceDetail>
{
    public async Task<Result<SequenceDetail>> Handle(GetSequence query, CancellationToken cancellationToken)
    {
        var found = await db.Of<Sequence>().Where(s => s.Id == query.Id).WithCurrentVersion(db).SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return SequenceErrors.NotFound;
        }

        var running = await db.Of<Instance>()
            .Include(i => i.Job)
            .Where(i => i.SequenceId == query.Id && (i.Status == InstanceStatus.Active || i.Status == InstanceStatus.Paused))
            .OrderByDescending(i => i.Id)
            .Take(Paging.DefaultLimit + 1)
            .ToListAsync(cancellationToken);
        return new SequenceDetail(
            SequenceView.From(found.Sequence, found.Current, await counts.ByStatus(query.Id, cancellationToken)) with
            {
                Variables = variables.Of(found.Current).Views,
            },
            running.ToPage(
                Paging.DefaultLimit,
                InstanceView.BytesOf,
                InstanceView.From,
                i => Paging.Cursor(nameof(ListInstances), i.Id.Value)
            )
        );
    }
}

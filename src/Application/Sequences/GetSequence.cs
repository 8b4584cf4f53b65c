using Ardalis.Result;
using FollowUp.Application.Instances;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Sequences;

/// <summary>One of the caller's sequences, with its steps and the first page of its ACTIVE and PAUSED instances.</summary>
/// <param name="Id">Which one.</param>
public sealed record GetSequence(SequenceId Id) : IQuery<SequenceDetail>;

internal sealed class GetSequenceHandler(IReadDb db, IVersionVariables variables) : IQueryHandler<GetSequence, SequenceDetail>
{
    public async Task<Result<SequenceDetail>> Handle(GetSequence query, CancellationToken cancellationToken)
    {
        var found = await db.Sequences.Where(s => s.Id == query.Id).WithCurrentVersion(db).SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return SequenceErrors.NotFound;
        }

        var running = await db
            .Instances.Include(i => i.Job)
            .Where(i => i.SequenceId == query.Id && (i.Status == InstanceStatus.Active || i.Status == InstanceStatus.Paused))
            .OrderByDescending(i => i.Id)
            .Take(Paging.DefaultLimit + 1)
            .ToListAsync(cancellationToken);
        return new SequenceDetail(
            SequenceView.From(found.Sequence, found.Current, await db.CountByStatus(query.Id, cancellationToken)) with
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

/// <summary>A part of how many instances a sequence has in a status: kept by the database in the transaction that changes an instance.</summary>
public sealed class InstanceCount
{
    /// <summary>The sequence.</summary>
    public SequenceId SequenceId { get; private init; }

    /// <summary>The status.</summary>
    public InstanceStatus Status { get; private init; }

    /// <summary>How many; negative where instances left the status since the rows were last folded.</summary>
    public long Count { get; private init; }
}

/// <summary>A sequence with its current version.</summary>
internal sealed class SequenceRow
{
    public required Sequence Sequence { get; init; }

    public required SequenceVersion Current { get; init; }
}

/// <summary>What the sequence queries share.</summary>
internal static class SequenceQueries
{
    public static IQueryable<SequenceRow> WithCurrentVersion(this IQueryable<Sequence> sequences, IReadDb db) =>
        sequences.SelectMany(
            s => db.Versions.Where(v => v.SequenceId == s.Id && v.Number == s.CurrentVersion),
            (s, v) => new SequenceRow { Sequence = s, Current = v }
        );

    public static async Task<Dictionary<InstanceStatus, int>> CountByStatus(
        this IReadDb db,
        SequenceId id,
        CancellationToken cancellationToken
    ) =>
        await db
            .InstanceCounts.Where(c => c.SequenceId == id)
            .GroupBy(c => c.Status)
            .Select(group => new { group.Key, Count = (int)group.Sum(c => c.Count) })
            .ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
}

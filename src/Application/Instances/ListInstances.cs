using System.Globalization;

namespace FollowUp.Application.Instances;

/// <summary>The caller's instances.</summary>
/// <param name="Sort"><c>-enrolledAt</c> (newest first; default) or <c>nextDueAt</c> (only instances with a scheduled step, earliest first).</param>
public sealed record ListInstances(InstanceFilter Filter, int? Limit, string? Cursor, string? Sort = null)
    : IQuery<Page<InstanceView>>,
        IPaged
{
    /// <summary>Newest first.</summary>
    public const string Newest = "-enrolledAt";

    /// <summary>In the execution order of their next steps.</summary>
    public const string NextDue = "nextDueAt";
}

internal sealed class ListInstancesValidator : AbstractValidator<ListInstances>
{
    public ListInstancesValidator()
    {
        RuleFor(query => query.Sort)
            .Must(sort => sort is null or ListInstances.Newest or ListInstances.NextDue)
            .WithMessage($"must be {ListInstances.Newest} or {ListInstances.NextDue}");
        RuleFor(query => query.Filter)
            .Custom(
                (filter, context) =>
                    InstanceFilterRules.Check(
                        filter,
                        (field, rule) => context.AddFailure(new FluentValidation.Results.ValidationFailure(field, rule))
                    )
            );
    }
}

internal sealed class ListInstancesHandler(IReadDb db, IInstanceReads reads) : IQueryHandler<ListInstances, Page<InstanceView>>
{
    /// <summary>Separates the cursors of the two sort orders.</summary>
    private const string DueList = $"{nameof(ListInstances)} by {ListInstances.NextDue}";

    public Task<Result<Page<InstanceView>>> Handle(ListInstances query, CancellationToken cancellationToken) =>
        query.Sort == ListInstances.NextDue ? Due(query, cancellationToken) : Newest(query, cancellationToken);

    private async Task<Result<Page<InstanceView>>> Newest(ListInstances query, CancellationToken cancellationToken)
    {
        if (!query.TryReadCursor(nameof(ListInstances), id => new InstanceId(id), out var last))
        {
            return Paging.BadCursor;
        }

        var rows = db.Matching(query.Filter, reads);
        rows = last is { } id ? rows.Where(i => i.Id < id) : rows;
        // Joined side by side instead of with Include: attaching the job to each instance would take a tenth of the whole call.
        var page = await rows.OrderByDescending(i => i.Id)
            .Take(query.Rows() + 1)
            .Select(i => new { Instance = i, i.Job })
            .ToListAsync(cancellationToken);
        return page.ToPage(
            query.Rows(),
            row => InstanceView.BytesOf(row.Instance),
            row => InstanceView.From(row.Instance, row.Job),
            row => Paging.Cursor(nameof(ListInstances), row.Instance.Id.Value)
        );
    }

    private async Task<Result<Page<InstanceView>>> Due(ListInstances query, CancellationToken cancellationToken)
    {
        JobPosition? after = null;
        if (query.Cursor is { } cursor && (after = Parse(cursor)) is null)
        {
            return Paging.BadCursor;
        }

        var page = await reads
            .Scheduled(after)
            .Join(
                db.Matching(query.Filter, reads),
                job => job.InstanceId,
                instance => instance.Id,
                (job, instance) => new { Instance = instance, Job = job }
            )
            .OrderBy(row => row.Job.DueAt)
            .ThenBy(row => row.Job.IsFirst)
            .ThenBy(row => EF.Property<DateTimeOffset>(row.Job, "InLineSince"))
            .ThenBy(row => row.Job.Id)
            .Take(query.Rows() + 1)
            .ToListAsync(cancellationToken);
        return page.ToPage(
            query.Rows(),
            row => InstanceView.BytesOf(row.Instance),
            row => InstanceView.From(row.Instance, row.Job),
            row => Paging.Cursor(DueList, row.Job.DueAt.UtcTicks, row.Job.IsFirst, (row.Job.WantedAt ?? row.Job.DueAt).UtcTicks, row.Job.Id)
        );
    }

    private static JobPosition? Parse(string cursor) =>
        Paging.Parts(DueList, cursor, 4) is [var due, var first, var since, var id]
        && Instant(due) is { } dueAt
        && bool.TryParse(first, out var isFirst)
        && Instant(since) is { } inLineSince
        && Guid.TryParse(id, out var job)
            ? new(dueAt, isFirst, inLineSince, job)
            : null;

    private static DateTimeOffset? Instant(string ticks) =>
        long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTimeOffset.MaxValue.Ticks
            ? new(number, TimeSpan.Zero)
            : null;
}

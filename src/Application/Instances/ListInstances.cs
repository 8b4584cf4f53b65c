using System.Text;
using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Instances;

/// <summary>The caller's instances, newest first.</summary>
/// <param name="Filter">Which instances.</param>
/// <param name="Limit">The most rows a page.</param>
/// <param name="Cursor">Where the page begins.</param>
public sealed record ListInstances(InstanceFilter Filter, int? Limit, string? Cursor) : IQuery<Page<InstanceView>>, IPaged;

internal sealed class ListInstancesValidator : AbstractValidator<ListInstances>
{
    public ListInstancesValidator()
    {
        this.AddPagingRules();
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

internal sealed class ListInstancesHandler(IReadDb db) : IQueryHandler<ListInstances, Page<InstanceView>>
{
    public async Task<Result<Page<InstanceView>>> Handle(ListInstances query, CancellationToken cancellationToken)
    {
        var rows = query.Filter.Apply(db.Instances);
        if (query.Cursor is { } cursor)
        {
            if (Paging.Parts(nameof(ListInstances), cursor, 1) is not [var part] || !Guid.TryParse(part, out var last))
            {
                return Paging.BadCursor;
            }

            var before = new InstanceId(last);
            rows = rows.Where(i => i.Id < before);
        }

        // Side by side rather than included: putting the job into each instance would cost a tenth of the whole call.
        var page = await rows.OrderByDescending(i => i.Id)
            .Take(query.Rows() + 1)
            .Select(i => new { Instance = i, i.Job })
            .ToListAsync(cancellationToken);
        return page.ToPage(
            query.Rows(),
            row => Encoding.UTF8.GetByteCount(row.Instance.Variables) + JsonSize.Of(row.Instance.LastError),
            row => InstanceView.From(row.Instance, row.Job),
            row => Paging.Cursor(nameof(ListInstances), row.Instance.Id.Value)
        );
    }
}

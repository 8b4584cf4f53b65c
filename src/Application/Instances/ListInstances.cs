using System.Text;
using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Instances;

/// <summary>The caller's instances, newest first.</summary>
/// <param name="SequenceId">Only those of this sequence.</param>
/// <param name="Status">Only those with this status.</param>
/// <param name="Email">Only those of this address, whatever its case.</param>
/// <param name="Attention">Only those that wait for a person (<c>true</c>), that do not (<c>false</c>), or that wait for this reason.</param>
/// <param name="Limit">The most rows a page.</param>
/// <param name="Cursor">Where the page begins.</param>
public sealed record ListInstances(Guid? SequenceId, string? Status, string? Email, string? Attention, int? Limit, string? Cursor)
    : IQuery<Page<InstanceView>>,
        IPaged;

internal sealed class ListInstancesValidator : AbstractValidator<ListInstances>
{
    public ListInstancesValidator()
    {
        this.AddPagingRules();
        RuleFor(query => query.Status)
            .Must(word => word is null || Words.TryRead<InstanceStatus>(word, out _))
            .WithMessage("must be ACTIVE, PAUSED, COMPLETED, FAILED or STOPPED");
        RuleFor(query => query.Attention)
            .Must(word => word is null or "true" or "false" || Words.TryRead<Attention>(word, out _))
            .WithMessage("must be true, false, failed, inDoubt or late");
    }
}

internal sealed class ListInstancesHandler(IReadDb db) : IQueryHandler<ListInstances, Page<InstanceView>>
{
    public async Task<Result<Page<InstanceView>>> Handle(ListInstances query, CancellationToken cancellationToken)
    {
        var rows = Filter(query);
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

    private IQueryable<Instance> Filter(ListInstances query)
    {
        var rows = db.Instances;
        if (query.SequenceId is { } id)
        {
            var sequence = new SequenceId(id);
            rows = rows.Where(i => i.SequenceId == sequence);
        }

        if (query.Status is { } statusWord && Words.TryRead<InstanceStatus>(statusWord, out var status))
        {
            rows = rows.Where(i => i.Status == status);
        }

        if (query.Email is { } email)
        {
            // Under both spellings of a domain outside ASCII.
            var key = EmailInput.Read(email).Address?.Key ?? email.ToLowerInvariant();
            rows = rows.Where(i => EF.Property<string>(i, "EmailKey") == key);
        }

        return query.Attention switch
        {
            null => rows,
            "true" => rows.Where(i => i.Attention != null),
            "false" => rows.Where(i => i.Attention == null),
            var word when Words.TryRead<Attention>(word, out var attention) => rows.Where(i => i.Attention == attention),
            _ => rows,
        };
    }
}

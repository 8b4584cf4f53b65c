using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Suppressions;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Suppressions;

/// <summary>The caller's suppressions, newest first.</summary>
/// <param name="Filter">Which suppressions.</param>
/// <param name="Limit">The most rows a page.</param>
/// <param name="Cursor">Where the page begins.</param>
public sealed record ListSuppressions(SuppressionFilter Filter, int? Limit, string? Cursor) : IQuery<Page<SuppressionView>>, IPaged;

/// <summary>Which suppressions a list or an export has.</summary>
/// <param name="Channel">Only this channel: <c>EMAIL</c> or <c>SMS</c>.</param>
/// <param name="Reason">Only this reason.</param>
/// <param name="Q">Only addresses that begin with this text, in any case.</param>
public sealed record SuppressionFilter(string? Channel, string? Reason, string? Q)
{
    /// <summary>The longest <see cref="Q"/>, in characters.</summary>
    public const int LongestQ = 254;

    internal IQueryable<Suppression> Apply(IQueryable<Suppression> rows)
    {
        if (Channel is { } channel)
        {
            var only = SuppressionRules.ReadChannel(channel)!.Value;
            rows = rows.Where(s => s.Channel == only);
        }

        if (Reason is { } reason)
        {
            var only = SuppressionRules.ReadReason(reason)!.Value;
            rows = rows.Where(s => s.Reason == only);
        }

        if (Q is { } q)
        {
            var pattern = $"{q.ToLowerInvariant().Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
            rows = rows.Where(s => EF.Functions.Like(s.Address, pattern, "\\"));
        }

        return rows;
    }
}

internal sealed class ListSuppressionsValidator : AbstractValidator<ListSuppressions>
{
    public ListSuppressionsValidator()
    {
        this.AddPagingRules();
        RuleFor(query => query.Filter).SetValidator(new SuppressionFilterValidator()).OverridePropertyName("");
    }
}

internal sealed class SuppressionFilterValidator : AbstractValidator<SuppressionFilter>
{
    public SuppressionFilterValidator()
    {
        RuleFor(filter => filter.Channel)
            .Must(channel => channel is null || SuppressionRules.ReadChannel(channel) is not null)
            .WithMessage(SuppressionRules.ChannelRule)
            .OverridePropertyName("channel");
        RuleFor(filter => filter.Reason)
            .Must(reason => reason is null || SuppressionRules.ReadReason(reason) is not null)
            .WithMessage(SuppressionRules.ReasonRule)
            .OverridePropertyName("reason");
        RuleFor(filter => filter.Q)
            .Must(q => q is null or { Length: > 0 and <= SuppressionFilter.LongestQ })
            .WithMessage($"must have 1 to {SuppressionFilter.LongestQ} characters")
            .OverridePropertyName("q");
    }
}

internal sealed class ListSuppressionsHandler(IReadDb db) : IQueryHandler<ListSuppressions, Page<SuppressionView>>
{
    public async Task<Result<Page<SuppressionView>>> Handle(ListSuppressions query, CancellationToken cancellationToken)
    {
        var rows = query.Filter.Apply(db.Of<Suppression>());
        if (query.Cursor is { } cursor)
        {
            if (Paging.Parts(nameof(ListSuppressions), cursor, 1) is not [var part] || !Guid.TryParse(part, out var last))
            {
                return Paging.BadCursor;
            }

            rows = rows.Where(s => s.Id.CompareTo(last) < 0);
        }

        var page = await rows.OrderByDescending(s => s.Id).Take(query.Rows() + 1).ToListAsync(cancellationToken);
        return page.ToPage(
            query.Rows(),
            s => JsonSize.Of(s.Address),
            SuppressionView.From,
            s => Paging.Cursor(nameof(ListSuppressions), s.Id)
        );
    }
}

namespace FollowUp.Application.Recipients;

/// <summary>Selects suppressions of a list or an export.</summary>
public sealed record SuppressionFilter(string? Channel, string? Reason, string? Q)
{
    /// <summary>The maximum length of <see cref="Q"/>, in characters.</summary>
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

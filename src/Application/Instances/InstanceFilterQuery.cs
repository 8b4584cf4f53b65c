namespace FollowUp.Application.Instances;

/// <summary>Translates a filter to a query. Operations use the same conditions in SQL (<c>InstanceConditions</c>); a test compares the two.</summary>
internal static class InstanceFilterQuery
{
    /// <summary>The caller's matching instances. Only given conditions are added, so that each combination has its own plan.</summary>
    public static IQueryable<Instance> Matching(this IReadDb db, InstanceFilter filter, IInstanceReads reads)
    {
        var rows = db.Of<Instance>();
        if (filter.SequenceId is { } id)
        {
            var sequence = new SequenceId(id);
            rows = rows.Where(i => i.SequenceId == sequence);
        }

        if (filter.Status is { } statusWord && EnumNames.TryRead<InstanceStatus>(statusWord, out var status))
        {
            rows = rows.Where(i => i.Status == status);
        }

        if (filter.Step is { } step)
        {
            var current = new StepIndex(step);
            rows = rows.Where(i => i.CurrentStep == current);
        }

        if (filter.Version is { } version)
        {
            rows = rows.Where(i => i.Version == version);
        }

        if (filter.StopReason is { } reasonWord && EnumNames.TryRead<StopReason>(reasonWord, out var reason))
        {
            rows = rows.Where(i => i.StopReason == reason);
        }

        if (filter.Variant is { } variant)
        {
            var sent = reads.SentVariant(variant);
            rows = rows.Where(i => sent.Any(e => e.InstanceId == i.Id));
        }

        if (filter.DueBefore is { } due)
        {
            rows = rows.Where(i => i.Job != null && EF.Property<bool>(i.Job, "Claimable") && i.Job.DueAt < due);
        }

        return ByAttention(filter, ByRecipient(filter, rows));
    }

    private static IQueryable<Instance> ByRecipient(InstanceFilter filter, IQueryable<Instance> rows)
    {
        if (filter.EmailKey is { } key)
        {
            rows = rows.Where(i => EF.Property<string>(i, "EmailKey") == key);
        }

        if (filter.Pattern is { } pattern)
        {
            // Two branches, each with its own index.
            rows = rows.Where(i =>
                EF.Functions.Like(EF.Property<string>(i, "EmailKey"), SqlText.Lower(pattern)!, @"\")
                || EF.Functions.Like(SqlText.Lower(i.Recipient.Name)!, SqlText.Lower(pattern)!, @"\")
            );
        }

        return rows;
    }

    private static IQueryable<Instance> ByAttention(InstanceFilter filter, IQueryable<Instance> rows) =>
        filter.Attention switch
        {
            null => rows,
            "true" => rows.Where(i => i.Attention != null),
            "false" => rows.Where(i => i.Attention == null),
            var word when EnumNames.TryRead<Attention>(word, out var attention) => rows.Where(i => i.Attention == attention),
            _ => rows,
        };
}

namespace FollowUp.Infrastructure.Instances;

/// <summary>A filter as conditions on <c>instance i</c>. Only the given conditions are written, so that PostgreSQL plans for exactly these.</summary>
internal sealed class InstanceConditions(OwnerId owner, InstanceFilter filter)
{
    public DateTimeOffset? EnrolledUntil { get; init; }
    public Guid? After { get; init; }
    public IReadOnlyList<Guid>? Ids { get; init; }
    public string Sql => string.Join(" AND ", Conditions().Select(condition => condition.Sql));

    /// <summary>
    /// The conditions for which an index returns instances in the order of ids: by owner, by sequence and status, by owner and attention. An address
    /// has few instances.
    /// </summary>
    public string Indexed =>
        string.Join(" AND ", Conditions().Where(condition => IsIndexed(condition.Name)).Select(condition => condition.Sql));

    public void AddTo(NpgsqlParameterCollection parameters)
    {
        foreach (var (_, name, value) in Conditions())
        {
            if (name is not null)
            {
                parameters.AddWithValue(name, value!);
            }
        }
    }

    private bool IsIndexed(string? parameter) =>
        parameter switch
        {
            "owner" or "after" or "email" or "sequence" => true,
            "status" => filter.SequenceId is not null,
            "attention" => filter.SequenceId is null,
            _ => false,
        };

    private IEnumerable<(string Sql, string? Name, object? Value)> Conditions()
    {
        yield return ("i.owner_id = @owner", "owner", owner.Value);
        yield return ("NOT EXISTS (SELECT 1 FROM sequence s WHERE s.id = i.sequence_id AND s.deleted_at IS NOT NULL)", null, null);
        if (Ids is not null)
        {
            yield return ("i.id = ANY (@ids)", "ids", Ids);
        }

        if (After is { } after)
        {
            yield return ("i.id > @after", "after", after);
        }

        if (EnrolledUntil is { } until)
        {
            yield return ("i.enrolled_at <= @until", "until", until.UtcDateTime);
        }

        if (filter.SequenceId is { } sequence)
        {
            yield return ("i.sequence_id = @sequence", "sequence", sequence);
        }

        if (filter.Status is { } status && EnumNames.TryRead<InstanceStatus>(status, out var statusWord))
        {
            yield return ("i.status = @status", "status", DbEnumNames.Upper(statusWord));
        }

        if (filter.EmailKey is { } email)
        {
            yield return ("i.email_key = @email", "email", email);
        }

        if (filter.Pattern is { } pattern)
        {
            // Two branches, each with an index.
            yield return (
                @"(i.email_key LIKE lower(@pattern) ESCAPE '\' OR lower(i.name) LIKE lower(@pattern) ESCAPE '\')",
                "pattern",
                pattern
            );
        }

        switch (filter.Attention)
        {
            case null:
                break;
            case "true":
                yield return ("i.attention IS NOT NULL", null, null);
                break;
            case "false":
                yield return ("i.attention IS NULL", null, null);
                break;
            case var name when EnumNames.TryRead<Attention>(name, out var attention):
                yield return ("i.attention = @attention", "attention", CamelNames.Of(attention));
                break;
        }

        if (filter.Step is { } step)
        {
            yield return ("i.current_step = @step", "step", step);
        }

        if (filter.Version is { } version)
        {
            yield return ("i.version = @version", "version", version);
        }

        if (filter.StopReason is { } reason && EnumNames.TryRead<StopReason>(reason, out var stopReason))
        {
            yield return ("i.stop_reason = @stop_reason", "stop_reason", CamelNames.Of(stopReason));
        }

        if (filter.Variant is { } variant)
        {
            // The condition is written exactly like that of the index ix_follow_up_event_variant.
            yield return (
                """
                EXISTS (SELECT 1 FROM follow_up_event e
                        WHERE e.owner_id = @owner AND e.instance_id = i.id AND e.status = 'sent'
                          AND strpos(e.content::text, '"variant"') > 0 AND e.content ->> 'variant' = @variant)
                """,
                "variant",
                variant
            );
        }

        if (filter.DueBefore is { } due)
        {
            yield return (
                "EXISTS (SELECT 1 FROM step_job j WHERE j.instance_id = i.id AND j.claimable AND j.due_at < @due_before)",
                "due_before",
                due.UtcDateTime
            );
        }
    }
}

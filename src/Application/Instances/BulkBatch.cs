namespace FollowUp.Application.Instances;

/// <summary>Rows that one statement stores; their addresses are distinct.</summary>
internal sealed class BulkBatch(Sequence sequence, KeyedIds? ids, HashSet<InstanceId> given, Actor actor)
{
    /// <summary>The maximum number of rows in a batch.</summary>
    public const int Most = 2_000;

    private readonly List<(int Line, InstanceId? Id, Instance? Instance)> _rows = new(Most);
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private IReadOnlyList<BulkOutcome> _outcomes = [];

    public int Count => _rows.Count;

    public bool Add(int line, Enrolment row, SendingPlan? plan, DateTimeOffset now)
    {
        var id = ids?.For(row.Recipient.Email);
        if (!_addresses.Add(row.Recipient.Email.Key) || (id is { } own && !given.Add(own)))
        {
            return false;
        }

        var instance = sequence.Enabled
            ? Instance.Enroll(sequence, row.Recipient, row.Variables, row.OfferId, row.StartAt, now, plan, id, actor).Value
            : null;
        _rows.Add((line, id, instance));
        return true;
    }

    public bool Holds(Enrolment row) => _addresses.Contains(row.Recipient.Email.Key);

    /// <summary>Stores the rows, or in a dry run determines what storing them would do.</summary>
    public async Task Store(IBulkEnrolment enrolment, bool dryRun, CancellationToken cancellationToken)
    {
        if (!sequence.Enabled)
        {
            // A repeated call whose first answer was lost: what it has stored stays enrolled.
            _outcomes = await enrolment.StoredBefore(_rows.ConvertAll(row => row.Id!.Value), cancellationToken);
            return;
        }

        var instances = _rows.ConvertAll(row => row.Instance!);
        _outcomes = dryRun ? await enrolment.Check(instances, cancellationToken) : await enrolment.Store(instances, cancellationToken);
    }

    public void CountInto(BulkTally tally)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            tally.Count(_rows[i].Line, _outcomes[i]);
        }
    }
}

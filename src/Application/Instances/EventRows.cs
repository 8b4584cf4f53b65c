namespace FollowUp.Application.Instances;

/// <summary>Reads events with their messages, limited to the size of a page.</summary>
internal static class EventRows
{
    /// <summary>Events with the sizes of their messages, which are not loaded yet.</summary>
    public static IQueryable<EventRow> WithSizes(this IQueryable<FollowUpEvent> events, IReadDb db) =>
        events.Select(e => new EventRow
        {
            Event = e,
            Position = EF.Property<long>(e, EventLog.Position),
            Bytes = db.Of<Message>()
                .Where(m => m.InstanceId == e.InstanceId && m.Id == e.MessageId)
                .Select(m => (int?)((SqlText.Bytes(m.Subject) ?? 0) + (SqlText.Bytes(m.Html) ?? 0) + (SqlText.Bytes(m.Text) ?? 0)))
                .FirstOrDefault(),
        });

    /// <summary>Loads the messages of the rows that fit into a page, and drops the remaining rows.</summary>
    /// <returns>Whether rows were dropped, so that there is a next page.</returns>
    public static async Task<bool> LoadMessages(this List<EventRow> rows, IReadDb db, CancellationToken cancellationToken)
    {
        var all = rows.Count;
        rows.KeepWhatFits(row => row.Bytes ?? 0);
        var sent = rows.Where(row => row.Bytes is not null).Select(row => row.Event).ToList();
        if (sent.Count > 0)
        {
            var instances = sent.Select(e => e.InstanceId).Distinct().ToList();
            var ids = sent.ConvertAll(e => e.MessageId!.Value);
            var messages = await db.Of<Message>()
                .Where(m => instances.Contains(m.InstanceId) && ids.Contains(m.Id))
                .ToDictionaryAsync(m => m.Id, cancellationToken);
            foreach (var row in rows.Where(row => row.Event.MessageId is not null))
            {
                row.Message = messages.GetValueOrDefault(row.Event.MessageId!.Value);
            }
        }

        // Checked again with the escapes that JSON needs.
        rows.KeepWhatFits(row => JsonSize.Of(row.Message?.Subject) + JsonSize.Of(row.Message?.Html) + JsonSize.Of(row.Message?.Text));
        return rows.Count < all;
    }

    private static void KeepWhatFits(this List<EventRow> rows, Func<EventRow, long> bytes)
    {
        var fits = Paging.Fitting(rows, rows.Count, row => bytes(row) + JsonSize.Of(row.Event.Content));
        rows.RemoveRange(fits, rows.Count - fits);
    }
}

namespace FollowUp.Web.Instances;

/// <summary>Formats an event as a line of CSV (RFC 4180).</summary>
internal static class CsvLine
{
    public const string Header = "id,instanceId,sequenceId,version,stepIndex,type,status,content,sentAt,hash,actor,actorId\r\n";

    public static string Of(EventView happened)
    {
        object?[] cells =
        [
            happened.Id,
            happened.InstanceId,
            happened.SequenceId,
            happened.Version,
            happened.StepIndex,
            happened.Type,
            happened.Status,
            // A spreadsheet whose list separator is a semicolon splits the line there, even within quotes, because the quotes do not begin its cell.
            // The rest would be a separate cell. In JSON the escape has the same meaning.
            happened.Content.ToJsonString(Json.Options).Replace(";", "\\u003b", StringComparison.Ordinal),
            IsoInstant.Text(happened.SentAt),
            happened.Hash,
            happened.Actor.Kind,
            happened.Actor.Id,
        ];
        return new StringBuilder().AppendJoin(',', cells.Select(cell => CsvCell.Of(cell?.ToString() ?? ""))).Append("\r\n").ToString();
    }
}

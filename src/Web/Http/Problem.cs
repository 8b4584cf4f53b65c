using Microsoft.AspNetCore.Http.Metadata;

namespace FollowUp.Web.Http;

/// <summary>An error (RFC 9457).</summary>
/// <param name="Type"><c>urn:followup:problem:</c> followed by the code.</param>
/// <param name="Title">The kind of problem.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">A sentence for people.</param>
/// <param name="Code">A code for programs, such as <c>validation</c>, <c>notFound</c> or <c>alreadyEnrolled</c>.</param>
/// <param name="TraceId">The id of the request in the log.</param>
/// <remarks>Describes what <see cref="Problems"/> writes, for the OpenAPI document.</remarks>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code, string TraceId)
{
    /// <summary>With <c>validation</c>: for each invalid field, such as <c>steps[2].delay</c>, the violated rules.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = new Dictionary<string, string[]>();

    /// <summary>With <c>alreadyEnrolled</c>: the existing instance. With <c>migrationRunning</c>: the running migration.</summary>
    public string Id { get; init; } = "";

    /// <summary>With <c>versionNotCurrent</c>: the number of the current version.</summary>
    public string CurrentVersion { get; init; } = "";

    /// <summary>With <c>invalidTransition</c>: the instance's status, or the migration's state.</summary>
    public string From { get; init; } = "";

    /// <summary>With <c>invalidTransition</c>: the requested status.</summary>
    public string To { get; init; } = "";

    /// <summary>With <c>calendarInUse</c>: the name of a sequence whose schedule uses the calendar.</summary>
    public string Sequence { get; init; } = "";

    /// <summary>With <c>ceilingReached</c>: the instant at which the operator's limit is reset.</summary>
    public string Until { get; init; } = "";

    public static IProducesResponseTypeMetadata Response(int status) =>
        new ProducesResponseTypeMetadata(status, typeof(Problem), ["application/problem+json"]);
}

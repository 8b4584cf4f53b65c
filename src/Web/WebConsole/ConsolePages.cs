namespace FollowUp.Web.WebConsole;

/// <summary>
/// The addresses of the web console's pages. Each of them answers with the same document, whose scripts show the page, so that a link, a reload
/// and a bookmark work. The program's own addresses (<c>/api</c>, <c>/docs</c>, <c>/u</c>, …) are not among them.
/// </summary>
internal static class ConsolePages
{
    public static IReadOnlyList<string> Paths { get; } =
    [
        "/",
        "/signin",
        "/inbox",
        "/sequences",
        "/sequences/new",
        "/sequences/{id}/edit",
        "/sequences/{id}/publish",
        "/sequences/{id}/people",
        "/sequences/{id}/results",
        "/sequences/{id}/versions",
        "/sequences/{id}/schedule",
        "/people",
        "/instances/{id}",
        "/contacts/{address}",
        "/enrol",
        "/activity",
        "/deliverability",
        "/system",
        "/developers",
        "/developers/{part}",
        "/settings",
        "/settings/{part}",
    ];
}

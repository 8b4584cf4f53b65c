using System.Net;
using Ardalis.Result;
using IResult = Microsoft.AspNetCore.Http.IResult;

namespace FollowUp.Web.Http;

/// <summary>An HTML page for a recipient, or for a user whose sign-in failed.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Note">A second sentence, or null.</param>
/// <param name="Button">The label of a button that posts to the page's own address; null for no button.</param>
internal sealed record Page(string Title, string Text, string? Note, string? Button = null);

/// <summary>Pages behind links in mails and redirects: plain HTML, without scripts, not indexed by search engines.</summary>
internal static class Pages
{
    private const string Style =
        "body{font:18px/1.5 system-ui,sans-serif;max-width:32em;margin:15vh auto;padding:0 1em}button{font:inherit;padding:.5em 1.5em}";

    /// <summary>The page of a success, or a page with the error in the link.</summary>
    public static IResult Of<T>(Result<T> result, Func<T, Page> page) =>
        result.IsSuccess
            ? new Html(200, page(result.Value))
            : new Html(
                Problems.From(result).Details.Status!.Value,
                new Page("This link does not work", Error.Of(result)!.ErrorMessage, null)
            );

    /// <summary>A page with an error.</summary>
    public static IResult Refusal(int status, Page page) => new Html(status, page);

    private sealed class Html(int status, Page page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.CacheControl = "no-store";
            response.Headers["X-Robots-Tag"] = "noindex";
            response.Headers.ContentSecurityPolicy =
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
            return response.WriteAsync(Write(), httpContext.RequestAborted);
        }

        private string Write()
        {
            var html = new StringBuilder()
                .Append(
                    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                )
                .Append($"<title>{Encoded(page.Title)}</title><style>{Style}</style></head><body>")
                .Append($"<h1>{Encoded(page.Title)}</h1><p>{Encoded(page.Text)}</p>");
            if (page.Note is { } note)
            {
                html.Append($"<p>{Encoded(note)}</p>");
            }

            if (page.Button is { } button)
            {
                html.Append($"<form method=\"post\"><button type=\"submit\">{Encoded(button)}</button></form>");
            }

            return html.Append("</body></html>\n").ToString();
        }

        private static string Encoded(string text) => WebUtility.HtmlEncode(text);
    }
}

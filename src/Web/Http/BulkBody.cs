using FollowUp.Application.Bulk;
using Microsoft.Net.Http.Headers;

namespace FollowUp.Web.Http;

/// <summary>Reads the format and encoding of a bulk body from the request's headers.</summary>
internal static class BulkBody
{
    public static (IResult? Problem, BulkFormat Format, string? Charset) Read(HttpRequest request)
    {
        if (request.ContentLength > BulkLimits.MostBytes)
        {
            return (Problems.Of(413, $"A bulk body may have at most {BulkLimits.MostBytes} bytes."), default, null);
        }

        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed : new MediaTypeHeaderValue("none/none");
        BulkFormat? format = type.MediaType.Value?.ToLowerInvariant() switch
        {
            "text/csv" => BulkFormat.Csv,
            "application/x-ndjson" => BulkFormat.Ndjson,
            _ => null,
        };
        var charset = type.Charset.HasValue && type.Charset.Length > 0 ? type.Charset.Value : null;
        return format is { } known && (charset is null || BulkCharset.Find(charset) is not null)
            ? (null, known, charset)
            : (
                Problems.Of(415, "The body must be text/csv or application/x-ndjson, in UTF-8, UTF-16, windows-1252 or iso-8859-1."),
                default,
                null
            );
    }
}

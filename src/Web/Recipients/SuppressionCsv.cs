using FollowUp.Application.Recipients;

namespace FollowUp.Web.Recipients;

/// <summary>Writes suppressions as CSV with the columns that an import reads.</summary>
internal sealed class SuppressionCsv(IAsyncEnumerable<SuppressionView> rows) : IResult
{
    private const int FlushEvery = 1_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{Exports.Csv}; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"suppressions.csv\"";
        await response.WriteAsync("id,channel,address,reason,createdAt,source\r\n", httpContext.RequestAborted);
        var written = 0;
        await foreach (var row in rows.WithCancellation(httpContext.RequestAborted))
        {
            string[] cells = [row.Id.ToString(), row.Channel, row.Address, row.Reason, IsoInstant.Text(row.CreatedAt), row.Source];
            await response.WriteAsync($"{string.Join(',', cells.Select(CsvCell.Of))}\r\n", httpContext.RequestAborted);
            if (++written % FlushEvery == 0)
            {
                await response.Body.FlushAsync(httpContext.RequestAborted);
            }
        }
    }
}

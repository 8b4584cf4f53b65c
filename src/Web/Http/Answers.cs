namespace FollowUp.Web.Http;

/// <summary>Sends a request through the pipeline and turns its result into HTTP.</summary>
internal static class Answers
{
    public static async Task<Microsoft.AspNetCore.Http.IResult> Answer<T>(
        this Sender sender,
        IUseCase<T> request,
        CancellationToken cancellationToken,
        Func<T, Microsoft.AspNetCore.Http.IResult>? ok = null
    )
    {
        var result = await sender.Send(request, cancellationToken);
        return !result.IsSuccess ? Problems.From(result)
            : ok is not null ? ok(result.Value)
            : Results.Json(result.Value, Json.Options);
    }
}

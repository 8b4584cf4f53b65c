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

    /// <summary>Answers a success with 204.</summary>
    public static Task<Microsoft.AspNetCore.Http.IResult> AnswerEmpty<T>(this Sender sender, IUseCase<T> request, CancellationToken ct) =>
        sender.Answer(request, ct, _ => Results.NoContent());

    /// <summary>A response with the address of what was created: 201, or 202 for what a background job continues.</summary>
    public static Microsoft.AspNetCore.Http.IResult Created<T>(this HttpContext http, string location, T body, int status = 201)
    {
        http.Response.Headers.Location = location;
        return Results.Json(body, Json.Options, statusCode: status);
    }
}

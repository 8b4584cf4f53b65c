using System.Buffers;
using System.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace FollowUp.Web.Http;

/// <summary>A body without required fields: an absent body means <c>{}</c>.</summary>
internal interface IMayBeEmpty;

/// <summary>A JSON request body. If it cannot be read, the route does not run, and the response names the field and the rule.</summary>
/// <typeparam name="T">The type of the body.</typeparam>
internal sealed class JsonBody<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private static readonly bool MayBeEmpty = typeof(T).IsAssignableTo(typeof(IMayBeEmpty));

    private readonly T? _value;
    private readonly ProblemHttp? _problem;

    private JsonBody(T value) => _value = value;

    private JsonBody(ProblemHttp problem) => _problem = problem;

    /// <summary>The problem of a body that cannot be read; else null. A filter returns it, so routes need not check.</summary>
    public ProblemHttp? Problem => _problem;

    public T Value => _value ?? throw new InvalidOperationException("The body could not be read, but the route ran.");

    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext http)
    {
        var hasBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? http.Request.ContentLength is > 0;
        if (hasBody && !http.Request.HasJsonContentType())
        {
            return new(Problems.Of(415, "The body must be application/json."));
        }

        using var body = new MemoryStream();
        return hasBody && !await Bodies.TryCopy(http, body) ? new(Problems.Of(413)) : Read(body.GetBuffer().AsSpan(0, (int)body.Length));
    }

    public static JsonBody<T> Read(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("\uFEFF"u8))
        {
            body = body[3..];
        }

        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            if (!MayBeEmpty)
            {
                return new(Problems.Invalid("body", "must be given"));
            }

            body = "{}"u8;
        }

        return ClientJson.Read<T>(body, out var wrong) is { } value ? new(value) : new(Problems.Invalid(wrong.Field ?? "body", wrong.Rule));
    }

    /// <summary>Describes the body, and adds the filter that returns its problem.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), MayBeEmpty));
        foreach (var status in new[] { 400, 413, 415 })
        {
            builder.Metadata.Add(Http.Problem.Response(status));
        }

        builder.FilterFactories.Add(
            (_, next) => context => context.Arguments.OfType<JsonBody<T>>().Single()._problem is { } problem ? new(problem) : next(context)
        );
    }
}

/// <summary>Reads bodies within the server's limit.</summary>
internal static class Bodies
{
    private const long LongestUnlessSet = 1024 * 1024;

    /// <summary>
    /// A body that is too large is read to its end, up to this size, before the response: most clients do not read a response while they are
    /// still writing, and would report a broken connection.
    /// </summary>
    private const long MostDrained = 64 * 1024 * 1024;

    /// <summary>
    /// The server aborts slow bodies by their rate. This limit bounds the whole body, so that a client just above that rate cannot keep a request
    /// open for minutes.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <returns>Whether the body was within the limit.</returns>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time (408).</exception>
    public static Task<bool> TryCopy(HttpContext http, Stream copy) =>
        TryCopy(http, copy, http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? LongestUnlessSet);

    /// <returns>Whether the body was within <paramref name="most"/> bytes.</returns>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time (408).</exception>
    public static async Task<bool> TryCopy(HttpContext http, Stream copy, long most)
    {
        var limit = http.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (http.Request.ContentLength > MostDrained)
        {
            return false;
        }

        if (limit is { IsReadOnly: false } && most < MostDrained)
        {
            limit.MaxRequestBodySize = MostDrained;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        late.CancelAfter(Longest);
        try
        {
            long total = 0;
            while (await http.Request.Body.ReadAsync(buffer, late.Token) is > 0 and var read)
            {
                total += read;
                if (total <= most)
                {
                    await copy.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
                }
            }

            return total <= most;
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body did not arrive in time.", StatusCodes.Status408RequestTimeout);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

using System.Net;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>One POST to an HTTP provider: written at most once, limited in time, and always turned into a result.</summary>
internal sealed class ProviderHttpClient(IOptions<DeliveryOptions> options, TimeProvider time)
{
    /// <summary>The maximum number of bytes read from a response: more than any provider's message, little enough to hold in memory.</summary>
    private const int LongestBody = 64 * 1024;

    /// <param name="request">The request; its body is replaced by one that can be written only once, unless it already is one.</param>
    /// <param name="accepted">Reads the provider's message id from a 2xx response.</param>
    /// <param name="refused">Reads the provider's error from any other response.</param>
    public async Task<SendResult> Post(
        string provider,
        HttpClient http,
        HttpRequestMessage request,
        Func<ProviderAnswer, string?> accepted,
        Func<ProviderAnswer, ProviderError> refused,
        CancellationToken cancellationToken
    )
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Value.CallTimeout);
        using var body = await Once(request, timeout.Token);
        request.Content = body;
        // HTTP/1.1 never repeats a body that it has begun to write, and writes no part of a request before it asks for the body.
        (request.Version, request.VersionPolicy) = (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        try
        {
            // The status decides, so the response counts once its headers have arrived, even if its body is cut off.
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            var text = await Read(response.Content, timeout.Token);
            var answer = new ProviderAnswer(provider, response.StatusCode, response.Headers, text);
            return answer.Accepted
                ? new SendResult.Accepted(accepted(answer))
                : ProviderResponseClassifier.Refusal(answer, refused(answer), time.GetUtcNow());
        }
        catch (Exception failure) when (body.Begun || failure is HttpRequestException or IOException or OperationCanceledException)
        {
            return ProviderResponseClassifier.Failure(provider, failure, body.Begun, cancellationToken.IsCancellationRequested);
        }
    }

    private static async Task<SingleUseContent> Once(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is SingleUseContent once)
        {
            return once;
        }

        using var content = request.Content!;
        return new SingleUseContent(await content.ReadAsByteArrayAsync(cancellationToken), content.Headers.ContentType);
    }

    private static async Task<string> Read(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength == 0)
        {
            return "";
        }

        var buffer = new byte[Math.Min(content.Headers.ContentLength ?? LongestBody, LongestBody)];
        var length = 0;
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            // A partial body is useless, and the status is known.
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}

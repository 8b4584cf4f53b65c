using System.Net;
using System.Text;
using FollowUp.Application.Delivery;
using Microsoft.Extensions.Options;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>One POST to a provider that speaks HTTP: written at most once, ended in time, and always turned into a result.</summary>
internal sealed class ProviderHttpClient(IOptions<DeliveryOptions> options, TimeProvider time)
{
    /// <summary>As much of an answer as is read: more than any message of a provider, less than would hurt.</summary>
    private const int LongestBody = 64 * 1024;

    /// <summary>Makes the call.</summary>
    /// <param name="provider">Who is called, as it is named in errors.</param>
    /// <param name="http">The client.</param>
    /// <param name="request">The request; its body is replaced by one that is written once only, unless it is one.</param>
    /// <param name="accepted">Reads the provider's name for the message out of a 2xx answer.</param>
    /// <param name="refused">Reads what the provider says out of any other answer.</param>
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
        // HTTP/1.1, which never repeats a body that it began to write, and writes no part of a request before its body is asked for.
        (request.Version, request.VersionPolicy) = (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        try
        {
            // The status decides, so the answer counts from its headers on, even when its body is cut off.
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
            // What arrived of a broken body is of no use, and the status is known.
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}

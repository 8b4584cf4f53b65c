using System.Net;
using System.Text;
using FollowUp.Application.Delivery;
using FollowUp.Infrastructure.Delivery;
using Microsoft.Extensions.Options;

namespace FollowUp.UnitTests.Delivery;

public sealed class ProviderHttpClientTests
{
    [Fact]
    public async Task A_body_can_be_written_once_only()
    {
        using var body = new SingleUseContent("hello"u8.ToArray(), new("application/json"));
        body.Begun.ShouldBeFalse();

        await body.CopyToAsync(Stream.Null);

        body.Begun.ShouldBeTrue();
        await Should.ThrowAsync<InvalidOperationException>(() => body.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task A_handler_that_retries_sends_once()
    {
        using var handler = new Repeating();

        var result = await Post(handler);

        result.ShouldBeOfType<SendResult.InDoubt>();
        handler.Written.ShouldBe(["hello"]);
    }

    [Fact]
    public async Task A_handler_that_never_reads_the_body_has_sent_nothing()
    {
        using var handler = new Failing();

        (await Post(handler)).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
    }

    private static async Task<SendResult> Post(HttpMessageHandler handler)
    {
        using var http = new HttpClient(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://provider.example/") { Content = new StringContent("hello") };
        return await new ProviderHttpClient(Options.Create(new DeliveryOptions()), TimeProvider.System).Post(
            "P",
            http,
            request,
            _ => null,
            _ => ProviderError.Unsaid,
            CancellationToken.None
        );
    }

    private sealed class Repeating : HttpMessageHandler
    {
        public List<string> Written { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var i = 0; i < 2; i++)
            {
                using var wire = new MemoryStream();
                try
                {
                    await request.Content!.CopyToAsync(wire, cancellationToken);
                }
                catch (InvalidOperationException refused)
                {
                    throw new HttpRequestException("An error occurred while sending the request.", refused);
                }

                Written.Add(Encoding.UTF8.GetString(wire.ToArray()));
            }

            return new HttpResponseMessage(HttpStatusCode.Accepted);
        }
    }

    private sealed class Failing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException("broken in an unexpected way");
    }
}

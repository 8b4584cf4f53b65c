using MailKit.Net.Smtp;
using MailKit.Security;

namespace FollowUp.Infrastructure.Delivery.Smtp;

/// <summary>A pool of connections to the SMTP server, so that not every mail has to set up TLS and log in.</summary>
internal sealed class SmtpConnections(IOptions<SmtpOptions> options, IOptions<DeliveryOptions> delivery, TimeProvider time) : IDisposable
{
    /// <summary>Maximum number of idle connections; additional ones are closed when they are returned.</summary>
    private const int Most = 16;

    /// <summary>
    /// Servers close a connection that is idle for some minutes (RFC 5321, section 4.5.3.2.7: five); this pool closes them much earlier.
    /// </summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(15);

    private readonly ConcurrentStack<(SmtpClient Client, long Since)> _idle = new();
    private volatile bool _closed;

    /// <summary>Returns an open connection that is logged in.</summary>
    public async Task<SmtpClient> Take(CancellationToken cancellationToken)
    {
        while (_idle.TryPop(out var kept))
        {
            if (time.GetElapsedTime(kept.Since) < LongestIdle && await Lives(kept.Client, cancellationToken))
            {
                return kept.Client;
            }

            kept.Client.Dispose();
        }

        return await Open(cancellationToken);
    }

    /// <summary>Returns a connection to the pool, or closes it if it is broken.</summary>
    public void GiveBack(SmtpClient connection)
    {
        if (connection.IsConnected && !_closed && _idle.Count < Most)
        {
            _idle.Push((connection, time.GetTimestamp()));
        }
        else
        {
            connection.Dispose();
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryPop(out var kept))
        {
            kept.Client.Dispose();
        }
    }

    /// <summary>With STARTTLS the client fails before it logs in if the server does not offer it.</summary>
    private static SecureSocketOptions Security(SmtpOptions options) =>
        !options.TlsRequired ? SecureSocketOptions.Auto
        : options.Port == SmtpOptions.ImplicitTls ? SecureSocketOptions.SslOnConnect
        : SecureSocketOptions.StartTls;

    /// <summary>Detects a connection that the server has closed meanwhile, before a mail is written to it.</summary>
    private async Task<bool> Lives(SmtpClient client, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(delivery.Value.ConnectTimeout);
        try
        {
            await client.NoOpAsync(timeout.Token);
            return true;
        }
        catch (Exception failure) when (SmtpResponseClassifier.Knows(failure))
        {
            return false;
        }
    }

    private async Task Connect(SmtpClient client, string host, CancellationToken cancellationToken)
    {
        try
        {
            await client.ConnectAsync(host, options.Value.Port, Security(options.Value), cancellationToken);
        }
        catch (NotSupportedException failure)
        {
            // MailKit documents one cause: STARTTLS is demanded, and the server does not offer it.
            throw new NotSupportedException("it does not offer STARTTLS, and Smtp:Security is required", failure);
        }
    }

    private async Task<SmtpClient> Open(CancellationToken cancellationToken)
    {
        var (host, user) = (options.Value.Host, options.Value.User);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(delivery.Value.ConnectTimeout);
        var client = new SmtpClient
        {
            Timeout = (int)delivery.Value.CallTimeout.TotalMilliseconds,
            // As in .NET's HTTP client: an unreachable revocation server must not prevent sending.
            CheckCertificateRevocation = false,
        };
        try
        {
            await Connect(client, host, timeout.Token);
            if (user.Length > 0)
            {
                await client.AuthenticateAsync(user, options.Value.Password, timeout.Token);
            }

            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}

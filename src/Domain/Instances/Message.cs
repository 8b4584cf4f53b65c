using System.Security.Cryptography;
using System.Text;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Instances;

/// <summary>What was rendered and sent. Personal data: it can be erased, while the event that points to it keeps its hash.</summary>
public sealed class Message
{
    private Message() { }

    /// <summary>The message's id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The user whose message it is.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The instance that it was sent for.</summary>
    public InstanceId InstanceId { get; private set; }

    /// <summary>The way that it went.</summary>
    public Channel Channel { get; private set; }

    /// <summary>The address that it went to.</summary>
    public string Recipient { get; private set; } = "";

    /// <summary>A mail's subject; null for a text message.</summary>
    public string? Subject { get; private set; }

    /// <summary>A mail's HTML part; null for a text message.</summary>
    public string? Html { get; private set; }

    /// <summary>A mail's text part, or the text message.</summary>
    public string Text { get; private set; } = "";

    /// <summary>When it was rendered.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Keeps what was rendered.</summary>
    /// <param name="instance">The instance that it is sent for.</param>
    /// <param name="channel">The way that it goes.</param>
    /// <param name="recipient">The address that it goes to.</param>
    /// <param name="subject">A mail's subject.</param>
    /// <param name="html">A mail's HTML part.</param>
    /// <param name="text">The plain text.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>The message.</returns>
    public static Message Create(
        Instance instance,
        Channel channel,
        string recipient,
        string? subject,
        string? html,
        string text,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = instance.OwnerId,
            InstanceId = instance.Id,
            Channel = channel,
            Recipient = recipient,
            Subject = subject is null ? null : StorableText.Of(subject),
            Html = html is null ? null : StorableText.Of(html),
            Text = StorableText.Of(text),
            CreatedAt = now,
        };

    /// <summary>The hash that the event keeps: over subject, HTML and text, each with its length before it.</summary>
    /// <returns>SHA-256 in hexadecimal.</returns>
    public string ContentHash()
    {
        var content = $"{Subject?.Length}:{Subject}{Html?.Length}:{Html}{Text.Length}:{Text}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }
}

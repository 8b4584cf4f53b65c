using System.Security.Cryptography;

namespace FollowUp.Domain.Instances;

/// <summary>A rendered and sent message. Personal data: it can be erased; the event that refers to it keeps its hash.</summary>
public sealed class Message
{
    private Message() { }

    /// <summary>The message's id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The owner.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The instance that it was sent for.</summary>
    public InstanceId InstanceId { get; private set; }

    /// <summary>The channel.</summary>
    public Channel Channel { get; private set; }

    /// <summary>The destination address.</summary>
    public string Recipient { get; private set; } = "";

    /// <summary>The subject of a mail; null for a text message.</summary>
    public string? Subject { get; private set; }

    /// <summary>The HTML part of a mail; null for a text message.</summary>
    public string? Html { get; private set; }

    /// <summary>The text part of a mail, or the text message.</summary>
    public string Text { get; private set; } = "";

    /// <summary>When it was rendered.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Creates the record of a rendered message.</summary>
    /// <param name="recipient">The destination address.</param>
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

    /// <summary>The hash that the event keeps: SHA-256, in hexadecimal, over subject, HTML and text, each preceded by its length.</summary>
    public string ContentHash()
    {
        var content = $"{Subject?.Length}:{Subject}{Html?.Length}:{Html}{Text.Length}:{Text}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }
}

using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Application.Sequences;

/// <summary>The steps of a published version as a client reads them. They never change, so their JSON is made once.</summary>
internal sealed class StepList(IReadOnlyList<Step> steps) : ReadOnlyCollection<StepInput>([.. steps.Select(StepInput.From)])
{
    private byte[]? _json;

    public byte[] Json => _json ??= JsonSerializer.SerializeToUtf8Bytes<IReadOnlyList<StepInput>>(this, ClientJson.Options);

    /// <summary>For a property that may hold such a list, or any other.</summary>
    public sealed class Writer : JsonConverter<IReadOnlyList<StepInput>>
    {
        public override IReadOnlyList<StepInput> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Views are only written.");

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<StepInput> value, JsonSerializerOptions options)
        {
            if (value is StepList list)
            {
                writer.WriteRawValue(list.Json, skipInputValidation: true);
                return;
            }

            JsonSerializer.Serialize(writer, value, options);
        }
    }
}

/// <summary>
/// The steps of versions for lists of sequences, kept in memory: a page has the texts of 50 sequences, which are most of what it costs to read and
/// to write it. Ids are unique over all users and sandboxes, and whoever asks has read the id from a sequence of his own.
/// </summary>
public sealed class StepLists : IDisposable
{
    private const long MostBytes = 16 * 1024 * 1024;

    /// <summary>Beside its JSON a list has the same texts as strings, with two bytes a character.</summary>
    private const int BytesOfEach = 3;

    /// <summary>How many versions of unknown size are read together.</summary>
    private const int FewTogether = 8;

    /// <summary>From how many bytes on a version is large.</summary>
    private const int Large = 64 * 1024;

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    /// <summary>The steps of some of the caller's versions.</summary>
    /// <param name="ids">Which versions, in the order of the page.</param>
    /// <param name="db">Reads what is not known yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The steps by version. When they are larger than a page, those of the last versions are missing.</returns>
    internal async Task<IReadOnlyDictionary<SequenceVersionId, StepList>> Of(
        IReadOnlyCollection<SequenceVersionId> ids,
        IReadDb db,
        CancellationToken cancellationToken
    )
    {
        Dictionary<SequenceVersionId, StepList> lists = new(ids.Count);
        var bytes = 0L;
        var together = FewTogether;
        Queue<SequenceVersionId> rest = new(ids);
        while (rest.Count > 0 && bytes <= Paging.MostBytes)
        {
            List<SequenceVersionId> unknown = [];
            while (unknown.Count < together && rest.TryDequeue(out var id))
            {
                if (_cache.TryGetValue(id, out StepList? list))
                {
                    lists[id] = list!;
                    bytes += list!.Json.Length;
                }
                else
                {
                    unknown.Add(id);
                }
            }

            var read = unknown.Count == 0 ? 0 : await Read(unknown, lists, db, cancellationToken);
            bytes += read;
            // Small versions are read many together, large ones a few at a time, since the page may be full before they are all there.
            together = read > FewTogether * Large ? FewTogether : 2 * together;
        }

        return lists;
    }

    private async Task<long> Read(
        List<SequenceVersionId> unknown,
        Dictionary<SequenceVersionId, StepList> lists,
        IReadDb db,
        CancellationToken cancellationToken
    )
    {
        var bytes = 0L;
        foreach (var version in await db.Versions.Where(v => unknown.Contains(v.Id)).ToListAsync(cancellationToken))
        {
            var list = new StepList(version.Steps);
            lists[version.Id] = _cache.Set(version.Id, list, new MemoryCacheEntryOptions { Size = BytesOfEach * list.Json.Length });
            bytes += list.Json.Length;
        }

        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();
}

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

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    /// <summary>The steps of some of the caller's versions.</summary>
    /// <param name="ids">Which versions.</param>
    /// <param name="db">Reads what is not known yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The steps by version.</returns>
    internal async Task<IReadOnlyDictionary<SequenceVersionId, StepList>> Of(
        IReadOnlyCollection<SequenceVersionId> ids,
        IReadDb db,
        CancellationToken cancellationToken
    )
    {
        Dictionary<SequenceVersionId, StepList> lists = new(ids.Count);
        List<SequenceVersionId> unknown = [];
        foreach (var id in ids)
        {
            if (_cache.TryGetValue(id, out StepList? list))
            {
                lists[id] = list!;
            }
            else
            {
                unknown.Add(id);
            }
        }

        if (unknown.Count > 0)
        {
            foreach (var version in await db.Versions.Where(v => unknown.Contains(v.Id)).ToListAsync(cancellationToken))
            {
                var list = new StepList(version.Steps);
                lists[version.Id] = _cache.Set(version.Id, list, new MemoryCacheEntryOptions { Size = BytesOfEach * list.Json.Length });
            }
        }

        return lists;
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();
}

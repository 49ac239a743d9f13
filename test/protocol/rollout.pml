/*
 * The protocol of docs/protocol.md, for Spin. One configuration is chosen with -DCONFIG=..., a protection is left out
 * with -DBAD_...; check.ts has the list. Section names below are those of docs/protocol.md.
 *
 * Abstractions:
 * - A group has one legacy item, and one target item or (ITEMS=2) two. The content of a target item is the number of the
 *   write that made it, 0 is absence; a token is the number of its write, too. The content of a legacy item is the contents
 *   of the target items that `up` makes of it, four bits for each; it is absent where they all are.
 * - A request is sent in one step, together with the last look at the lease (P3), and lands in a later one. Between the
 *   two its sender may end; then it lands late, or never.
 * - Time is the barrier (P2): once a release is complete, whoever holds another table loses its lease, and the next
 *   release waits until no request of another table is in flight. A lease may run out, and a table be asked for again, at
 *   any moment before that, too.
 * - Drained is what the canaries prove: the stream is empty and nobody is at work on one of its records. A request of
 *   an invocation that has ended may still be in flight.
 */

#ifndef KEYS
#define KEYS 1
#endif
/* Target items of a group. */
#ifndef ITEMS
#define ITEMS 1
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
/* What the two clients do: so many writes, each by number, then so many reads. */
#ifndef WRITES_0
#define WRITES_0 1
#endif
#ifndef WRITES_1
#define WRITES_1 1
#endif
#ifndef NATIVES
#define NATIVES 1
#endif
#ifndef READS
#define READS 1
#endif

/* The first token that reverse replication makes. */
#define FRESH 200

/* Positions. */
#define LEGACY 0
#define SHADOW 1
#define DUAL_LEGACY 2
#define DUAL_TARGET 3
#define TARGET 4
#define FENCED 5
#define TARGET_HAS_AUTHORITY(p) ((p) >= DUAL_TARGET)

/* Who acts on a table: two clients and two replicators. */
#define CLIENTS 2
#define FORWARD 2
#define REVERSE 3
#define ACTORS 4

/* Tables: at most eight revisions, each with a position for each key. */
#define REVISIONS 8
byte table[16];
bool salvaging[REVISIONS];
#define AT(revision, key) table[(revision) * 2 + (key)]

byte current;          /* the revision that is complete */
byte spreading;        /* the revision on its way, or the same */
byte view[ACTORS];     /* the revision that each actor has */
bool leased[ACTORS];
byte flying[REVISIONS]; /* requests in flight, by the revision they were sent under */

/* Both sides: content and token. */
byte legacyContent[KEYS], legacyToken[KEYS];
byte targetContent[KEYS * ITEMS], targetToken[KEYS * ITEMS];
bool targetByClient[KEYS * ITEMS];
#define ITEM(k, i) ((k) * ITEMS + (i))

/* What `up` makes of a legacy item, and `down` of the target items: `PART` of it, and it with another part. */
#define PART(content, i) (((content) >> (4 * (i))) & 15)
#define WITH(content, i, part) (((content) & (~(15 << (4 * (i))))) | ((part) << (4 * (i))))

/* What a read of an item must return: the content that the last write to land has left. */
byte truth[KEYS * ITEMS];
/* Contents that an immediate rollback keeps in the ledger. */
bool kept[16];

byte crashes, natives, fresh = FRESH;
byte writes[CLIENTS], reads[CLIENTS];
byte clientsAtWork = CLIENTS;
bool nativesAllowed, backfilled = true, reconciled = true, copying, released;
bool forwardBusy, reverseBusy;
bool forwardStarted = true;

/*
 * Streams: key, old content, old token, new content, new token. Records are removed when they are done. Those of the target
 * have the item for the key, and also say whether a client wrote: an immediate rollback has to know; of a deletion the old
 * image tells.
 */
#define CAPACITY (4 + 4 * ITEMS)
chan forwardStream = [CAPACITY] of { byte, byte, byte, byte, byte };
chan reverseStream = [CAPACITY] of { byte, byte, byte, byte, byte, bool };

/* A token where there is an item. */
#define TOKEN(content, token) (((content) != 0) * (token))

inline putLegacy(k, content, token) {
  if
  :: legacyContent[k] == content && legacyToken[k] == token -> skip
  :: else ->
    if
    :: forwardStarted -> forwardStream ! k, legacyContent[k], legacyToken[k], content, token
    :: else -> skip
    fi;
    legacyContent[k] = content;
    legacyToken[k] = token
  fi
}

inline putTarget(it, content, token, byClient) {
  if
  :: targetContent[it] == content && targetToken[it] == token -> skip
  :: else ->
#ifndef FORWARD_CONFIG
    /* While legacy has authority for good, reverse replication does nothing but ignore its records. */
    reverseStream ! it, targetContent[it], targetToken[it], content, token, ((content != 0) * byClient + (content == 0) * targetByClient[it]);
#endif
    targetContent[it] = content;
    targetToken[it] = token;
    targetByClient[it] = byClient
  fi
}

/* One target item, as the legacy item has it. */
inline putPart(k, i, content, token, byClient) {
  putTarget(ITEM(k, i), PART(content, i), TOKEN(PART(content, i), token), byClient)
}

/* All target items of a group, in one transaction. */
#if ITEMS > 1
#define PUT_GROUP(k, content, token, byClient) putPart(k, 0, content, token, byClient); putPart(k, 1, content, token, byClient)
#define ALL_ITEMS(P) (P(0) && P(1))
#define ANY_ITEM(P) (P(0) || P(1))
#define GROUP_OF(contents) (contents[0] | (contents[1] << 4))
#define FORGET(contents, tokens) contents[0] = 0; contents[1] = 0; tokens[0] = 0; tokens[1] = 0
#else
#define PUT_GROUP(k, content, token, byClient) putPart(k, 0, content, token, byClient)
#define ALL_ITEMS(P) (P(0))
#define ANY_ITEM(P) (P(0))
#define GROUP_OF(contents) (contents[0])
#define FORGET(contents, tokens) contents[0] = 0; tokens[0] = 0
#endif

/* A fresh request for the table: while a release spreads some get the old one and some the new one. */
inline refresh(a) {
  atomic {
    if
    :: view[a] = current
    :: spreading != current -> view[a] = spreading
    fi;
    leased[a] = true
  }
}

/* P3: the last look at the lease and the sending of the request are one step; a table of another position is none. */
#define MAY_SEND(a, k, p) (leased[a] && AT(view[a], k) == (p))

/* Requests in flight that were sent under another revision. */
#define FLYING_BUT(r) (flying[0] * (r != 0) + flying[1] * (r != 1) + flying[2] * (r != 2) + flying[3] * (r != 3) + flying[4] * (r != 4) + flying[5] * (r != 5) + flying[6] * (r != 6) + flying[7] * (r != 7))

inline sent(a) { under = view[a]; flying[under]++ }
inline landed() { flying[under]--; }

/* ---------------------------------------------------------------- The client's writes */

#define LEGACY_AS_READ (legacyContent[k] == readContent && legacyToken[k] == readToken)

/* The target items that the client knows of: its own, and those of the legacy item. */
#define KNOWN(j) ((j) == i || PART(readContent, j) != 0)
#define ITEM_AS_READ(j) (!KNOWN(j) || (targetContent[ITEM(k, j)] == otherContent[j] && targetToken[ITEM(k, j)] == otherToken[j]))
#define TARGET_AS_READ ALL_ITEMS(ITEM_AS_READ)

/* One token on different contents: nothing that the protocol does can cause it. */
#define DIVERGED(j) (otherContent[j] != 0 && otherToken[j] == readToken && PART(readContent, j) != 0 && otherContent[j] != PART(readContent, j))

inline readTarget(j) {
  if
  :: KNOWN(j) -> otherContent[j] = targetContent[ITEM(k, j)]; otherToken[j] = targetToken[ITEM(k, j)]
  :: else
  fi
}

/* The legacy item after the write: made of the one read, or of the target items read. */
#define FROM_LEGACY WITH(readContent, i, content)
#define FROM_TARGET WITH(GROUP_OF(otherContent), i, content)

/* Dual-legacy: the target items that were, or are now, in the legacy item. */
inline follow(j) {
  if
  :: KNOWN(j) -> putPart(k, j, FROM_LEGACY, token, true)
  :: else
  fi
}

proctype Client(byte a) {
  byte k, i, p, under, content, token, readContent, readToken, otherContent[ITEMS], otherToken[ITEMS];
  bool isOver;
next:
  atomic {
    k = 0; i = 0; p = 0; under = 0; content = 0; readContent = 0; readToken = 0; FORGET(otherContent, otherToken);
    /* What to do next, to which key. */
    if
    :: writes[a] + reads[a] > 0
    :: writes[a] + reads[a] == 0 -> clientsAtWork--; goto ended
    fi;
#if KEYS > 1
    if
    :: k = 0
    :: k = 1
    fi;
#endif
#if ITEMS > 1
    if
    :: i = 0
    :: i = 1
    fi;
#endif
    if
    :: writes[a] > 0 -> content = 2 * writes[a] + a; writes[a]--
    :: writes[a] == 0 -> reads[a]--; goto read
    fi;
    /* A token is the number of its write; so is the content, unless the write is a deletion. */
    token = content;
    if
    :: true
    :: content = 0
    fi
  };
write:
  refresh(a);
again:
  /* One attempt. What is read may be old when the write lands: that is what its condition is for. */
  atomic {
    if
    :: !leased[a] -> goto write
    :: leased[a] -> p = AT(view[a], k)
    fi;
    if
    :: p == FENCED -> p = 0; (AT(current, k) != FENCED && spreading == current); goto write
    :: p == TARGET
    :: p != TARGET && p != FENCED -> readContent = legacyContent[k]; readToken = legacyToken[k]
    fi
  };
  if
  :: p == DUAL_TARGET ->
    d_step { readTarget(0) };
#if ITEMS > 1
    d_step { readTarget(1) };
#endif
    assert(!ANY_ITEM(DIVERGED))
  :: p != DUAL_TARGET
  fi;
  atomic {
    if
    :: MAY_SEND(a, k, p) -> sent(a)
    :: !MAY_SEND(a, k, p) -> goto write
    fi;
    /* Whoever ends here leaves the request in flight. */
    if
    :: crashes > 0 -> crashes--; isOver = true; run Client(a)
    :: true
    fi
  };
  atomic {
    landed();
    if
    :: isOver -> goto ended /* it never lands */
    :: p == TARGET -> putTarget(ITEM(k, i), content, TOKEN(content, token), true); truth[ITEM(k, i)] = content
    :: p != TARGET && LEGACY_AS_READ && p < DUAL_LEGACY ->
      putLegacy(k, FROM_LEGACY, TOKEN(FROM_LEGACY, token)); truth[ITEM(k, i)] = content
    :: p == DUAL_LEGACY && LEGACY_AS_READ ->
      putLegacy(k, FROM_LEGACY, TOKEN(FROM_LEGACY, token));
      follow(0);
#if ITEMS > 1
      follow(1);
#endif
      truth[ITEM(k, i)] = content
    :: p == DUAL_TARGET && LEGACY_AS_READ && TARGET_AS_READ ->
      putTarget(ITEM(k, i), content, TOKEN(content, token), true);
      putLegacy(k, FROM_TARGET, TOKEN(FROM_TARGET, token)); truth[ITEM(k, i)] = content
    :: !isOver && ((p != TARGET && !LEGACY_AS_READ) || (p == DUAL_TARGET && !TARGET_AS_READ)) ->
      readContent = 0; readToken = 0; FORGET(otherContent, otherToken); goto again
    :: isOver && ((p != TARGET && !LEGACY_AS_READ) || (p == DUAL_TARGET && !TARGET_AS_READ))
    fi;
    if
    :: isOver -> goto ended
    :: !isOver -> token = 0; goto next
    fi
  };
read:
  refresh(a);
  atomic {
    if
    :: !leased[a] -> goto read
    :: leased[a] -> p = AT(view[a], k); sent(a)
    fi
  };
  atomic {
    landed();
#ifndef IMMEDIATE
    /* I1 */
    assert(truth[ITEM(k, i)] == (TARGET_HAS_AUTHORITY(p) -> targetContent[ITEM(k, i)] : PART(legacyContent[k], i)));
#endif
    goto next
  };
ended:
  skip
}

/* Code without the client: before dual-legacy only (P4). It has no token of its own, or copies the old one. */
proctype Native() {
  byte k, i, content;
  do
  :: atomic {
      natives > 0 ->
      natives--;
#if ITEMS > 1
      if
      :: i = 0
      :: i = 1
      fi;
#endif
      content = WITH(legacyContent[k], i, 4 + natives);
      if
      :: true -> putLegacy(k, content, 0); truth[ITEM(k, i)] = 4 + natives
      :: true -> putLegacy(k, content, legacyToken[k]); truth[ITEM(k, i)] = 4 + natives
      :: true -> putLegacy(k, 0, 0); truth[ITEM(k, 0)] = 0; truth[ITEM(k, ITEMS - 1)] = 0
      fi
    }
  :: natives == 0 -> break
  od
}

/* ---------------------------------------------------------------- Replication */

/* The invocation may end with its request in flight; the record is delivered to another one then. */
#define MAY_END(busy, Again) if :: crashes > 0 -> crashes--; isOver = true; busy = false; run Again() :: true fi

/* The token of a legacy version: its own, or one that its content gives. */
#define VERSION_TOKEN(content, token) ((token) + ((token) == 0) * (50 + (content)))

/* A target item that was found as the legacy item has it, with its token, is not written again, nor asked for. */
#define SETTLED(j) (followerContent[j] == PART(content, j) && (PART(content, j) == 0 || followerToken[j] == VERSION_TOKEN(content, token)))

/* What the settling transaction asks: the follower as read, and the authority as read, for absence has no token. */
#define FOLLOWS(j) (SETTLED(j) || (targetContent[ITEM(k, j)] == followerContent[j] && targetToken[ITEM(k, j)] == followerToken[j]))
#ifdef BAD_ABSENCE
#define STANDS ALL_ITEMS(FOLLOWS)
#else
#define STANDS (ALL_ITEMS(FOLLOWS) && legacyContent[k] == content && legacyToken[k] == token)
#endif

inline settleItem(j) {
  if
  :: !SETTLED(j) -> putPart(k, j, content, VERSION_TOKEN(content, token), false)
  :: else
  fi
}

/* Read are the target items of the images, and of the legacy item. */
#define UNREAD(j) (PART(content, j) != 0 && PART(seen, j) == 0)

inline readFollower(j) {
  if
  :: PART(seen, j) != 0 -> followerContent[j] = targetContent[ITEM(k, j)]; followerToken[j] = targetToken[ITEM(k, j)]
  :: else
  fi
}

/* Fast: every item of the old image still has its token, and the new image brings no other. */
#define NEW(j) (PART(isContent, j) != 0 && PART(wasContent, j) == 0)
#define AT_OLD(j) (PART(wasContent, j) == 0 || (targetContent[ITEM(k, j)] != 0 && targetToken[ITEM(k, j)] == wasToken))
#define FAST (wasContent != 0 && wasToken != 0 && (isContent == 0 || (isToken != 0 && isToken != wasToken)) && !ANY_ITEM(NEW))

inline moveOn(j) {
  if
  :: PART(wasContent, j) != 0 -> putPart(k, j, isContent, isToken, false)
  :: else
  fi
}

proctype Forward() {
  byte k, p, under, wasContent, wasToken, isContent, isToken, seen, followerContent[ITEMS], followerToken[ITEMS], content, token;
  bool isOver;
end:
  atomic {
    nempty(forwardStream) && !forwardBusy ->
    forwardStream ? <k, wasContent, wasToken, isContent, isToken>; forwardBusy = true; seen = wasContent | isContent
  };
begin:
  atomic {
#ifdef IMMEDIATE
    /* Forward replication has heard of it: otherwise what is overwritten is lost ("What is not promised"). */
    view[FORWARD] = spreading; leased[FORWARD] = true;
    if
    :: salvaging[view[FORWARD]] && (isToken >= FRESH || isContent == 0) -> kept[wasContent] = true
    :: !(salvaging[view[FORWARD]] && (isToken >= FRESH || isContent == 0))
    fi;
#else
    refresh(FORWARD);
#endif
    p = AT(view[FORWARD], k);
#ifndef BAD_NO_AUTHORITY
    if
    :: TARGET_HAS_AUTHORITY(p) -> goto done
    :: !TARGET_HAS_AUTHORITY(p)
    fi;
#endif
#ifdef BAD_BLIND
    goto blind;
#endif
    if
    :: FAST
    :: !(FAST) -> goto settle
    fi
  };
  atomic {
    if
    :: MAY_SEND(FORWARD, k, p) -> sent(FORWARD)
    :: !MAY_SEND(FORWARD, k, p) -> goto begin
    fi;
    MAY_END(forwardBusy, Forward)
  };
  atomic {
    landed();
    if
    :: isOver -> goto ended
    :: ALL_ITEMS(AT_OLD) ->
      moveOn(0);
#if ITEMS > 1
      moveOn(1);
#endif
      if
      :: isOver -> goto ended
      :: !isOver -> goto done
      fi
    :: !ALL_ITEMS(AT_OLD) ->
      if
      :: isOver -> goto ended
      :: !isOver
      fi
    fi
  };
#ifdef BAD_BLIND
blind:
  /* The image is applied as it is. */
  atomic {
    if
    :: MAY_SEND(FORWARD, k, p) -> sent(FORWARD)
    :: !MAY_SEND(FORWARD, k, p) -> goto begin
    fi;
    MAY_END(forwardBusy, Forward)
  };
  atomic {
    landed(); PUT_GROUP(k, isContent, isToken, false);
    if
    :: isOver -> goto ended
    :: !isOver -> goto done
    fi
  };
#endif
settle:
  atomic { readFollower(0) };
#if ITEMS > 1
  atomic { readFollower(1) };
#endif
  atomic {
    content = legacyContent[k]; token = legacyToken[k];
    if
    :: ANY_ITEM(UNREAD) -> seen = seen | content; goto settle
    :: !ANY_ITEM(UNREAD) && ALL_ITEMS(SETTLED) -> goto done
    :: !ANY_ITEM(UNREAD) && !ALL_ITEMS(SETTLED)
    fi
  };
  atomic {
    if
    :: MAY_SEND(FORWARD, k, p) -> sent(FORWARD)
    :: !MAY_SEND(FORWARD, k, p) -> goto begin
    fi;
    MAY_END(forwardBusy, Forward)
  };
  atomic {
    landed();
    if
    :: isOver -> goto ended
    :: STANDS ->
      settleItem(0);
#if ITEMS > 1
      settleItem(1);
#endif
      if
      :: isOver -> goto ended
      :: !isOver -> goto done
      fi
    :: !(STANDS) ->
      if
      :: isOver -> goto ended
      :: !isOver -> goto settle
      fi
    fi
  };
done:
  /* A record that is done may be delivered again all the same. */
  atomic {
    if :: forwardStream ? _, _, _, _, _ :: crashes > 0 -> crashes-- fi; forwardBusy = false;
    k = 0; p = 0; under = 0; wasContent = 0; wasToken = 0; isContent = 0; isToken = 0;
    seen = 0; FORGET(followerContent, followerToken); content = 0; token = 0;
    goto end
  };
ended:
  skip
}

/* `down` of the target items that are known: the one of the record, and those of the legacy item. All are asked for as read. */
#define BOTH_STAND (LEGACY_AS_READ && TARGET_AS_READ)

proctype Reverse() {
  byte k, i, p, under, wasContent, wasToken, isContent, isToken, readContent, readToken, otherContent[ITEMS], otherToken[ITEMS];
  bool isOver, byClient;
end:
  atomic {
    nempty(reverseStream) && !reverseBusy ->
    reverseStream ? <k, wasContent, wasToken, isContent, isToken, byClient>; reverseBusy = true;
    i = k % ITEMS; k = k / ITEMS
  };
begin:
  atomic {
    refresh(REVERSE);
    p = AT(view[REVERSE], k);
#ifdef IMMEDIATE
    if
    :: salvaging[view[REVERSE]] -> goto salvage
    :: !salvaging[view[REVERSE]]
    fi;
#endif
#ifdef BAD_NO_AUTHORITY
    goto settle;
#endif
    if
    :: !TARGET_HAS_AUTHORITY(p) -> goto done
    :: TARGET_HAS_AUTHORITY(p)
    fi
  };
settle:
  atomic { FORGET(otherContent, otherToken); readContent = legacyContent[k]; readToken = legacyToken[k] };
#if ITEMS > 1
  d_step { readTarget(1) };
#endif
  atomic {
    readTarget(0);
    if
    :: GROUP_OF(otherContent) == readContent -> goto done
    :: GROUP_OF(otherContent) != readContent
    fi
  };
  atomic {
    if
    :: MAY_SEND(REVERSE, k, p) -> sent(REVERSE)
    :: !MAY_SEND(REVERSE, k, p) -> goto begin
    fi;
    MAY_END(reverseBusy, Reverse)
  };
  atomic {
    landed();
    if
    :: isOver -> goto ended
    :: BOTH_STAND ->
      fresh++; putLegacy(k, GROUP_OF(otherContent), TOKEN(GROUP_OF(otherContent), fresh));
      if
      :: isOver -> goto ended
      :: !isOver -> goto done
      fi
    :: !BOTH_STAND ->
      if
      :: isOver -> goto ended
      :: !isOver -> goto settle
      fi
    fi
  };
#ifdef IMMEDIATE
salvage:
  /* A late write is merged where legacy stands at what its writer saw; a deletion is always kept, never merged. */
  atomic {
    if
    :: !byClient || legacyContent[k] == isContent
    :: byClient && legacyContent[k] != isContent && isContent != 0 && legacyContent[k] == wasContent ->
      if
      :: leased[REVERSE] -> fresh++; putLegacy(k, isContent, fresh)
      :: !leased[REVERSE] -> goto begin
      fi
    :: byClient && legacyContent[k] != isContent && !(isContent != 0 && legacyContent[k] == wasContent) -> kept[isContent] = true
    fi;
    goto done
  };
#endif
done:
  atomic {
    if :: reverseStream ? _, _, _, _, _, _ :: crashes > 0 -> crashes-- fi; reverseBusy = false;
    k = 0; i = 0; p = 0; under = 0; wasContent = 0; wasToken = 0; isContent = 0; isToken = 0;
    readContent = 0; readToken = 0; FORGET(otherContent, otherToken); byClient = false;
    goto end
  };
ended:
  skip
}

/* ---------------------------------------------------------------- Backfill and reconciliation */

inline insert(j) {
  if
  :: PART(content, j) != 0 && targetContent[ITEM(k, j)] == 0 -> putPart(k, j, content, VERSION_TOKEN(content, token), false)
  :: else
  fi
}

proctype Copy() {
  byte k, seen = 255, content, token, followerContent[ITEMS], followerToken[ITEMS];
  /* The scan may be as old as it likes when the insert lands; an insert only asks for absence. */
  d_step { content = legacyContent[k]; token = legacyToken[k] };
  atomic { insert(0) };
#if ITEMS > 1
  atomic { insert(1) };
#endif
  /* Let writes land, then pass after pass until one is clean. */
#ifndef BAD_NO_RECONCILIATION
pass:
  atomic { readFollower(0) };
#if ITEMS > 1
  atomic { readFollower(1) };
#endif
  d_step { content = legacyContent[k]; token = legacyToken[k] };
  if
  :: ALL_ITEMS(SETTLED)
  :: !ALL_ITEMS(SETTLED) ->
    atomic {
      if
      :: ALL_ITEMS(FOLLOWS) && legacyContent[k] == content && legacyToken[k] == token ->
        settleItem(0);
#if ITEMS > 1
        settleItem(1)
#endif
      :: else
      fi
    };
    goto pass
  fi;
#endif
  reconciled = true;
  copying = false
}

/* ---------------------------------------------------------------- Releases */

/* P1: one position at a time. P2: the barrier. */
inline release(next0, next1) {
  atomic {
    spreading = highest + 1; highest = spreading;
    AT(spreading, 0) = next0; AT(spreading, 1) = next1
  }
}

inline complete() { current = spreading }

inline barrier() {
#ifndef BAD_NO_BARRIER
#ifndef BAD_NO_LEASE
  atomic {
    i = 0;
    do
    :: i < ACTORS ->
      if
#ifdef BAD_REPLICATORS_OUTSIDE
      :: i >= FORWARD -> skip
#endif
      :: else ->
        if
        :: view[i] != current -> leased[i] = false
        :: else
        fi
      fi;
      i++
    :: else -> break
    od
  };
#endif
#ifndef BAD_IN_FLIGHT
  (FLYING_BUT(current) == 0);
#endif
#endif
  skip
}

#ifdef BAD_EARLY_POSITION
/* The position of the stream is read, and believed, before what is in flight has landed. */
#define PROVED_FORWARD true
#define PROVED_REVERSE true
#else
#define PROVED_FORWARD (empty(forwardStream) && !forwardBusy)
#define PROVED_REVERSE (empty(reverseStream) && !reverseBusy)
#endif

inline spreadAndWait() { complete(); barrier() }

proctype Releaser() {
  byte i, highest;
#ifdef FORWARD_CONFIG
  /* Legacy, shadow, dual-legacy: with backfill, ghosts, writers without the client. */
  release(SHADOW, SHADOW); spreadAndWait();
  (!copying && natives == 0);
  release(DUAL_LEGACY, DUAL_LEGACY); spreadAndWait();
#endif
#ifdef FLIP_CONFIG
  /* Dual-legacy, dual-target, target: authority moves. */
#ifdef BAD_TWO_POSITIONS
  PROVED_FORWARD;
  release(TARGET, TARGET); spreadAndWait();
#else
  PROVED_FORWARD;
  release(DUAL_TARGET, DUAL_TARGET - (KEYS > 1)); spreadAndWait();
#if KEYS > 1
  PROVED_FORWARD;
  release(DUAL_TARGET, DUAL_TARGET); spreadAndWait();
#endif
  release(TARGET, TARGET - (KEYS > 1)); spreadAndWait();
#endif
#endif
#ifdef SOFT_CONFIG
  /* Target, dual-target, dual-legacy, shadow: authority comes back. */
  release(DUAL_TARGET, DUAL_TARGET); spreadAndWait();
  PROVED_REVERSE;
  release(DUAL_LEGACY, DUAL_LEGACY); spreadAndWait();
  release(SHADOW, SHADOW); spreadAndWait();
#endif
#ifdef FENCE_CONFIG
  /* Target, fenced, dual-legacy: a fence where the target is wrong. */
  release(FENCED, FENCED); spreadAndWait();
  PROVED_REVERSE;
  release(DUAL_LEGACY, DUAL_LEGACY); spreadAndWait();
#endif
#ifdef REVERT_CONFIG
  /* AppConfig takes dual-target or target back by itself while it spreads; then the way back goes on. */
  PROVED_FORWARD;
  release(DUAL_TARGET, DUAL_TARGET);
  if
  :: atomic { spreading = current } -> barrier()
  :: spreadAndWait();
    release(TARGET, TARGET);
    atomic { spreading = current };
    barrier();
    PROVED_REVERSE;
    release(DUAL_LEGACY, DUAL_LEGACY); spreadAndWait()
  fi;
  release(SHADOW, SHADOW); spreadAndWait();
#endif
#ifdef IMMEDIATE
  /* Target, then legacy for everybody, at once. */
  atomic { release(LEGACY, LEGACY); salvaging[spreading] = true };
  spreadAndWait();
  PROVED_REVERSE;
  PROVED_FORWARD;
  release(LEGACY, LEGACY); spreadAndWait();
#endif
  released = true
}

#define TRUE_OF(i) (PART(legacyContent[k], i) == truth[ITEM(k, i)] && targetContent[ITEM(k, i)] == truth[ITEM(k, i)])

/* I2, I3 and I4, when everything has come to rest. */
proctype Rest() {
  byte k;
  atomic {
    released && clientsAtWork == 0 && natives == 0 && !copying && empty(forwardStream) && empty(reverseStream) &&
    !forwardBusy && !reverseBusy && flying[current] == 0 && FLYING_BUT(current) == 0;
    k = 0;
    do
    :: k < KEYS ->
#ifdef IMMEDIATE
      assert(legacyContent[k] == truth[k] || kept[truth[k]]);
#else
      assert(ALL_ITEMS(TRUE_OF));
#endif
      k++
    :: else -> break
    od
  }
}

/* A legacy item that is there from the start, and its first so many target items. */
inline givenAs(content, items) {
  legacyContent[k] = content; legacyToken[k] = 1;
  i = 0;
  do
  :: i < items ->
    truth[ITEM(k, i)] = 1;
#ifndef FORWARD_CONFIG
    targetContent[ITEM(k, i)] = 1; targetToken[ITEM(k, i)] = 1; targetByClient[ITEM(k, i)] = true;
#endif
    i++
  :: else -> break
  od
}

init {
  byte k, i;
  atomic {
    writes[0] = WRITES_0; writes[1] = WRITES_1; reads[1] = READS; crashes = CRASHES;
    k = 0;
    do
    :: k < 2 ->
      AT(0, k) = START;
      k++
    :: else -> break
    od;
    k = 0;
    do
    :: k < KEYS ->
      /* One target item, or two, or none yet; a search that is too large is made for each of them. */
      if
#if !defined(GIVEN) || GIVEN == 1
      :: givenAs(1, 1)
#endif
#if ITEMS > 1 && (!defined(GIVEN) || GIVEN == 2)
      :: givenAs(17, 2)
#endif
#if !defined(GIVEN) || GIVEN == 0
      :: skip
#endif
      fi;
      k++
    :: else -> break
    od;
    k = 0;
    do
    :: k < ACTORS -> leased[k] = true; k++
    :: else -> break
    od;
#ifdef FORWARD_CONFIG
    natives = NATIVES;
    copying = true;
    run Native();
    run Copy();
#ifdef BAD_LATEST
    forwardStarted = false;
#endif
#endif
    run Client(0);
    run Client(1);
    run Forward();
    run Reverse();
    run Releaser();
    run Rest()
  }
#ifdef BAD_LATEST
  forwardStarted = true
#endif
}
